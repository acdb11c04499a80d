import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { type PlanOut, type UserDetailsOut, usersGrant } from '@/api'
import { DayField } from '@/components/form/day-field'
import { NumberField, SelectField } from '@/components/form/fields'
import { Form, FormButtons } from '@/components/form/form'
import { useServerForm } from '@/components/form/use-server-form'
import { Button } from '@/components/ui/button'
import { addDays, startOfDay, today } from '@/lib/days'
import { useTenant } from '@/lib/tenancy'

const LENGTHS = ['plan', 'days', 'until'] as const
const schema = z.object({
  plan_id: z.string(),
  length: z.enum(LENGTHS),
  days: z.int().gte(1).lte(3660),
  until: z.string().min(1),
})

interface GrantFormProps {
  user: UserDetailsOut
  plans: PlanOut[]
  onDone: () => void
}

export function GrantForm({ user, plans, onDone }: GrantFormProps) {
  const { t } = useTranslation(['subscribers', 'common'])
  const { id, time_zone } = useTenant()
  // One key for one dialog: a request that is repeated gives once.
  const [key] = useState(() => crypto.randomUUID())
  const { form, onSubmit, isPending, rootError } = useServerForm({
    schema,
    defaults: {
      plan_id: plans[0]?.id ?? '',
      length: 'plan',
      days: 30,
      until: addDays(today(time_zone), 30),
    },
    send: ({ plan_id, length, days, until }) =>
      usersGrant({
        path: { tenant_id: id, user_id: user.id },
        body: {
          plan_id,
          days: length === 'days' ? days : null,
          // The day that is named is still paid for.
          until_at: length === 'until' ? startOfDay(addDays(until, 1), time_zone) : null,
          idempotence_key: key,
        },
      }),
    done: t('grant.done'),
    onDone,
    serverNames: { until_at: 'until' },
  })
  const length = form.watch('length')
  return (
    <Form onSubmit={onSubmit} rootError={rootError}>
      <SelectField
        control={form.control}
        name="plan_id"
        label={t('grant.plan')}
        choices={plans.map((plan) => ({ value: plan.id, label: plan.title }))}
      />
      <div className="grid gap-5 sm:grid-cols-2">
        <SelectField
          control={form.control}
          name="length"
          label={t('grant.length')}
          choices={LENGTHS.map((value) => ({ value, label: t(`grant.lengths.${value}`) }))}
        />
        {length === 'days' && (
          <NumberField control={form.control} name="days" label={t('grant.days')} min={1} max={3660} />
        )}
        {length === 'until' && (
          <DayField control={form.control} name="until" label={t('grant.until')} min={today(time_zone)} />
        )}
      </div>
      <FormButtons>
        <Button onClick={onDone}>{t('common:actions.cancel')}</Button>
        <Button type="submit" variant="primary" isPending={isPending}>
          {t('grant.submit')}
        </Button>
      </FormButtons>
    </Form>
  )
}
