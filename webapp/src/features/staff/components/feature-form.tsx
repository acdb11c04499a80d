import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { type FeatureOut, type FeaturesOut, staffFeaturesSwitch, staffFeaturesSwitchOfTenant } from '@/api'
import { SelectField, TextareaField } from '@/components/form/fields'
import { Form, FormButtons } from '@/components/form/form'
import { useServerForm } from '@/components/form/use-server-form'
import { Button } from '@/components/ui/button'

const STATES = ['on', 'off', 'asAll'] as const
type State = (typeof STATES)[number]
const SCHEMA = z.object({ state: z.enum(STATES), reason: z.string().trim().min(10).max(256) })

interface FeatureFormProps {
  found: FeatureOut
  tenantId: string | undefined
  onDone: () => void
}

/** Switches a feature for one tenant, or for all that have no switch of their own. */
export function FeatureForm({ found, tenantId, onDone }: FeatureFormProps) {
  const { t } = useTranslation(['staff', 'common'])
  const choices = STATES.filter((state) => tenantId !== undefined || state !== 'asAll')
  const { form, onSubmit, isPending, rootError } = useServerForm({
    schema: SCHEMA,
    defaults: { state: stateOf(found, tenantId), reason: '' },
    send: ({ state, reason }) => send(found, tenantId, state, reason),
    done: t('features.done'),
    onDone,
  })
  return (
    <Form onSubmit={onSubmit} rootError={rootError}>
      <SelectField
        control={form.control}
        name="state"
        label={t('features.state')}
        choices={choices.map((value) => ({ value, label: t(`features.choices.${value}`) }))}
      />
      <TextareaField
        control={form.control}
        name="reason"
        label={t('features.reason')}
        hint={t(tenantId === undefined ? 'features.reasonHintAll' : 'features.reasonHint')}
        maxLength={256}
        rows={2}
      />
      <FormButtons>
        <Button onClick={onDone}>{t('common:actions.cancel')}</Button>
        <Button type="submit" variant="primary" isPending={isPending}>
          {t('common:actions.save')}
        </Button>
      </FormButtons>
    </Form>
  )
}

function stateOf({ own, for_all }: FeatureOut, tenantId: string | undefined): State {
  if (tenantId !== undefined && own === null) return 'asAll'
  return (tenantId === undefined ? for_all : own) ? 'on' : 'off'
}

function send(
  { feature }: FeatureOut,
  tenantId: string | undefined,
  state: State,
  reason: string,
): Promise<{ data: FeaturesOut }> {
  if (tenantId === undefined)
    return staffFeaturesSwitch({ path: { feature }, body: { is_on: state === 'on', reason } })
  const is_on = state === 'asAll' ? null : state === 'on'
  return staffFeaturesSwitchOfTenant({ path: { tenant_id: tenantId, feature }, body: { is_on, reason } })
}
