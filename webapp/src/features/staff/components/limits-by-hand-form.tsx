import { useTranslation } from 'react-i18next'
import { staffBillingGetBilling, staffBillingSetByHand, type TenantBillingOut } from '@/api'
import { NumberField, SelectField } from '@/components/form/fields'
import { Form, FormButtons } from '@/components/form/form'
import { useServerForm } from '@/components/form/use-server-form'
import { Button } from '@/components/ui/button'
import { LIMITED, LIMITS_BY_HAND, readLimits, WAYS, writeLimits } from '@/features/staff/limits-by-hand'

interface LimitsByHandFormProps {
  tenantId: string
  billing: TenantBillingOut
  onClose: () => void
}

/** Limits of this tenant's own, each instead of the one of its plan. */
export function LimitsByHandForm({ tenantId, billing, onClose }: LimitsByHandFormProps) {
  const { t } = useTranslation('staff')
  const { t: words } = useTranslation('billing')
  const { t: common } = useTranslation()
  const path = { tenant_id: tenantId }
  const { form, onSubmit, isPending, rootError } = useServerForm({
    schema: LIMITS_BY_HAND,
    defaults: readLimits(billing),
    send: (values) => staffBillingSetByHand({ path, body: writeLimits(values) }),
    newest: async () => readLimits((await staffBillingGetBilling({ path })).data),
    done: t('billing.done'),
    onDone: onClose,
  })
  const ways = WAYS.map((value) => ({ value, label: t(`billing.ways.${value}`) }))
  return (
    <Form onSubmit={onSubmit} rootError={rootError}>
      <p className="text-muted-foreground">{t('billing.hint')}</p>
      {LIMITED.map((of) => (
        <div key={of} className="grid gap-3 sm:grid-cols-2">
          <SelectField control={form.control} name={`${of}.way`} label={words(`of.${of}`)} choices={ways} />
          {form.watch(`${of}.way`) === 'number' && (
            <NumberField
              control={form.control}
              name={`${of}.number`}
              label={t('billing.number', { of: words(`of.${of}`) })}
            />
          )}
        </div>
      ))}
      <FormButtons>
        <Button onClick={onClose}>{common('actions.cancel')}</Button>
        <Button type="submit" variant="primary" isPending={isPending}>
          {common('actions.save')}
        </Button>
      </FormButtons>
    </Form>
  )
}
