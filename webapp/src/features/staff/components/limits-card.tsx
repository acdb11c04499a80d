import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type UseOut, staffTenantsGet, staffTenantsSetLimits } from '@/api'
import { zLimitsIn } from '@/api/zod.gen'
import { NumberField } from '@/components/form/fields'
import { Form, FormButtons } from '@/components/form/form'
import { useServerForm } from '@/components/form/use-server-form'
import { Button } from '@/components/ui/button'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { Progress } from '@/components/ui/progress'
import { useFormat } from '@/lib/use-format'

interface LimitsCardProps {
  tenantId: string
  use: UseOut
}

/** What a tenant has, and above what no limit of its goes. */
export function LimitsCard({ tenantId, use }: LimitsCardProps) {
  const { t } = useTranslation('staff')
  const [isOpen, setIsOpen] = useState(false)
  return (
    <Card>
      <CardHeader
        title={t('limits.title')}
        actions={!isOpen && <Button onClick={() => setIsOpen(true)}>{t('limits.change')}</Button>}
      />
      <CardBody>
        {isOpen ? (
          <LimitsForm tenantId={tenantId} use={use} onClose={() => setIsOpen(false)} />
        ) : (
          <div className="space-y-4">
            <Line label={t('limits.bots')} value={use.bots} max={use.max_bots} />
            <Line label={t('limits.channels')} value={use.channels} max={use.max_channels} />
            <Line label={t('limits.subscribers')} value={use.subscribers} max={use.max_subscribers} />
          </div>
        )}
      </CardBody>
    </Card>
  )
}

function Line({ label, value, max }: { label: string; value: number; max: number | null }) {
  const { t } = useTranslation('staff')
  const format = useFormat()
  return (
    <div>
      <p className="mb-1.5 flex justify-between gap-4">
        <span className="text-muted-foreground">{label}</span>
        <span className="tabular-nums">
          {format.number(value)} / {max === null ? t('limits.none') : format.number(max)}
        </span>
      </p>
      {max !== null && <Progress label={label} value={value} max={max} />}
    </div>
  )
}

function limitsOf({ max_bots, max_channels, max_subscribers, version }: UseOut) {
  return { max_bots, max_channels, max_subscribers, version }
}

function LimitsForm({ tenantId, use, onClose }: LimitsCardProps & { onClose: () => void }) {
  const { t } = useTranslation('staff')
  const { t: common } = useTranslation()
  const { form, onSubmit, isPending, rootError } = useServerForm({
    schema: zLimitsIn,
    defaults: limitsOf(use),
    send: (body) => staffTenantsSetLimits({ path: { tenant_id: tenantId }, body }),
    newest: async () => limitsOf((await staffTenantsGet({ path: { tenant_id: tenantId } })).data.use),
    done: t('limits.done'),
    onDone: onClose,
  })
  return (
    <Form onSubmit={onSubmit} rootError={rootError}>
      <p className="text-muted-foreground">{t('limits.hint')}</p>
      <NumberField control={form.control} name="max_bots" label={t('limits.bots')} />
      <NumberField control={form.control} name="max_channels" label={t('limits.channels')} />
      <NumberField
        control={form.control}
        name="max_subscribers"
        label={t('limits.subscribers')}
        hint={t('limits.subscribersHint')}
        isOptional
      />
      <FormButtons>
        <Button onClick={onClose}>{common('actions.cancel')}</Button>
        <Button type="submit" variant="primary" isPending={isPending}>
          {common('actions.save')}
        </Button>
      </FormButtons>
    </Form>
  )
}
