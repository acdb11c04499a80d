import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { type PlanChangeOut, type UserSubscriptionOut, subscriptionsChangePlan } from '@/api'
import { channelsListOptions } from '@/api/@tanstack/react-query.gen'
import { SelectField } from '@/components/form/fields'
import { Form, FormButtons } from '@/components/form/form'
import { useServerForm } from '@/components/form/use-server-form'
import { Button } from '@/components/ui/button'
import { useTenantQuery } from '@/lib/requests'
import { useTenant } from '@/lib/tenancy'
import { useFormat } from '@/lib/use-format'

const TIMES = ['by_value', 'same_end'] as const
const schema = z.object({ plan_id: z.string(), time: z.enum(TIMES) })

interface ChangePlanFormProps {
  subscription: UserSubscriptionOut
  changes: PlanChangeOut[]
  onDone: () => void
}

/** Which plan, and what becomes of the time that is left. */
export function ChangePlanForm({ subscription, changes, onDone }: ChangePlanFormProps) {
  const { t } = useTranslation(['subscribers', 'common'])
  const { id } = useTenant()
  // One key for one dialog: a request that is repeated changes once.
  const [key] = useState(() => crypto.randomUUID())
  const first = changes[0]
  const { form, onSubmit, isPending, rootError } = useServerForm({
    schema,
    defaults: { plan_id: first?.plan_id ?? '', time: first?.by_value_ends_at ? 'by_value' : 'same_end' },
    send: ({ plan_id, time }) =>
      subscriptionsChangePlan({
        path: { tenant_id: id, subscription_id: subscription.id },
        body: { plan_id, time, idempotence_key: key },
      }),
    done: t('changePlan.done'),
    onDone,
  })
  const chosen = changes.find(({ plan_id }) => plan_id === form.watch('plan_id'))
  const times = TIMES.filter((time) => time === 'same_end' || chosen?.by_value_ends_at)
  return (
    <Form onSubmit={onSubmit} rootError={rootError}>
      <SelectField
        control={form.control}
        name="plan_id"
        label={t('changePlan.plan')}
        choices={changes.map(({ plan_id, plan_title }) => ({ value: plan_id, label: plan_title }))}
        onChosen={(plan_id) => {
          const next = changes.find((change) => change.plan_id === plan_id)
          if (!next?.by_value_ends_at) form.setValue('time', 'same_end')
        }}
      />
      <SelectField
        control={form.control}
        name="time"
        label={t('changePlan.time')}
        hint={t(`changePlan.hints.${form.watch('time')}`)}
        choices={times.map((value) => ({ value, label: t(`changePlan.times.${value}`) }))}
      />
      {chosen && <Outcome change={chosen} time={form.watch('time')} />}
      <FormButtons>
        <Button onClick={onDone}>{t('common:actions.cancel')}</Button>
        <Button type="submit" variant="primary" isPending={isPending}>
          {t('changePlan.submit')}
        </Button>
      </FormButtons>
    </Form>
  )
}

function Outcome({ change, time }: { change: PlanChangeOut; time: (typeof TIMES)[number] }) {
  const { t } = useTranslation('subscribers')
  const format = useFormat()
  const channels = useTenantQuery((tenant) => channelsListOptions({ path: tenant, query: { size: 200 } }))
  const name = (ids: string[]) =>
    ids.map((id) => channels.data?.items.find((channel) => channel.id === id)?.title ?? '…').join(', ')
  const endsAt = time === 'by_value' ? change.by_value_ends_at : change.same_end_ends_at
  const { credit, own_amount, opened_channel_ids: opened, closed_channel_ids: closed } = change
  return (
    <ul className="space-y-1 rounded-md bg-muted px-4 py-3">
      {endsAt && <li className="font-medium">{t('changePlan.endsAt', { at: format.end(endsAt) })}</li>}
      <li>{t('changePlan.credit', { sum: format.money(credit) })}</li>
      {own_amount && own_amount.amount_minor > 0 && (
        <li>{t('changePlan.ownAmount', { sum: format.money(own_amount) })}</li>
      )}
      {opened.length > 0 && <li>{t('changePlan.opens', { channels: name(opened) })}</li>}
      {closed.length > 0 && <li>{t('changePlan.closes', { channels: name(closed) })}</li>}
    </ul>
  )
}
