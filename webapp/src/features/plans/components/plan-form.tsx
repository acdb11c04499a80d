import { useTranslation } from 'react-i18next'
import { type BotOut, type ChannelOut, type PlanChangeIn, type PlanOut, plansGet } from '@/api'
import { Form, FormButtons } from '@/components/form/form'
import { useServerForm } from '@/components/form/use-server-form'
import { Button } from '@/components/ui/button'
import { useTenant } from '@/lib/tenancy'
import { SERVER_NAMES, newTerms, planSchema, toBody, valuesOf } from '../terms'
import { PlanFields } from './plan-fields'

interface PlanFormProps {
  plan?: PlanOut
  bots: BotOut[]
  channels: ChannelOut[]
  isReadOnly?: boolean
  draftKey: string
  send: (terms: PlanChangeIn, botId: string) => Promise<{ data: PlanOut }>
  done: string
  onDone: () => void
  onCancel: () => void
}

export function PlanForm({
  plan,
  bots,
  channels,
  isReadOnly = false,
  draftKey,
  send,
  done,
  onDone,
  onCancel,
}: PlanFormProps) {
  const { t } = useTranslation(['plans', 'common'])
  const { id, time_zone } = useTenant()
  const { form, onSubmit, isPending, rootError } = useServerForm({
    schema: planSchema,
    defaults: plan ? valuesOf(plan, time_zone) : { ...newTerms(), bot_id: bots[0]?.id ?? '' },
    send: ({ bot_id, ...terms }) => send(toBody(terms, time_zone), bot_id),
    done,
    onDone,
    draftKey,
    ...(plan && {
      newest: async () =>
        valuesOf((await plansGet({ path: { tenant_id: id, plan_id: plan.id } })).data, time_zone),
    }),
    serverNames: SERVER_NAMES,
  })
  const { formState } = form
  return (
    <Form onSubmit={onSubmit} rootError={rootError} isDirty={formState.isDirty && !isPending}>
      <fieldset disabled={isReadOnly} className="min-w-0 space-y-5">
        <PlanFields form={form} planId={plan?.id} bots={plan ? [] : bots} channels={channels} />
      </fieldset>
      {!isReadOnly && (
        <FormButtons>
          <Button onClick={onCancel}>{t('common:actions.cancel')}</Button>
          <Button type="submit" variant="primary" isPending={isPending}>
            {t(plan ? 'common:actions.save' : 'create.submit')}
          </Button>
        </FormButtons>
      )}
    </Form>
  )
}
