import { useTranslation } from 'react-i18next'
import { type BotOut, type PlanOut, type PromoCodeOut, promoCodesCreate } from '@/api'
import { SelectField, TextField } from '@/components/form/fields'
import { Form, FormButtons } from '@/components/form/form'
import { useServerForm } from '@/components/form/use-server-form'
import { Button } from '@/components/ui/button'
import { Card, CardBody } from '@/components/ui/card'
import { useTenant } from '@/lib/tenancy'
import { SERVER_NAMES, newCodeSchema, newTerms, toBody } from '../terms'
import { CodeFields } from './code-fields'

interface NewCodeFormProps {
  bots: BotOut[]
  plans: PlanOut[]
  currency: string
  onDone: (code: PromoCodeOut) => void
  onCancel: () => void
}

export function NewCodeForm({ bots, plans, currency, onDone, onCancel }: NewCodeFormProps) {
  const { t } = useTranslation(['promo-codes', 'common'])
  const { id, time_zone } = useTenant()
  const { form, onSubmit, isPending, rootError } = useServerForm({
    schema: newCodeSchema,
    defaults: { ...newTerms(), bot_id: bots[0]?.id ?? '' },
    send: (terms) => promoCodesCreate({ path: { tenant_id: id }, body: toBody(terms, time_zone, currency) }),
    done: t('create.done'),
    onDone,
    draftKey: `${id}.promo.new`,
    serverNames: SERVER_NAMES,
  })
  const botId = form.watch('bot_id')
  return (
    <Form onSubmit={onSubmit} rootError={rootError} isDirty={form.formState.isDirty && !isPending}>
      <Card>
        <CardBody className="grid gap-5">
          {bots.length > 1 && (
            <SelectField
              control={form.control}
              name="bot_id"
              label={t('fields.bot')}
              choices={bots.map((bot) => ({ value: bot.id, label: `@${bot.username}` }))}
              onChosen={() => form.setValue('plan_ids', [])}
            />
          )}
          <TextField
            control={form.control}
            name="code"
            label={t('fields.code')}
            hint={t('fields.codeHint')}
            placeholder="SPRING25"
            className="[&_input]:font-mono [&_input]:uppercase"
            maxLength={32}
            autoComplete="off"
          />
        </CardBody>
      </Card>
      <CodeFields
        form={form as unknown as Parameters<typeof CodeFields>[0]['form']}
        plans={plans.filter((plan) => plan.bot_id === botId)}
        currency={currency}
      />
      <FormButtons>
        <Button onClick={onCancel}>{t('common:actions.cancel')}</Button>
        <Button type="submit" variant="primary" isPending={isPending}>
          {t('create.submit')}
        </Button>
      </FormButtons>
    </Form>
  )
}
