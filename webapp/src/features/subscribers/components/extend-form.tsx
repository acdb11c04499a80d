import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { type UserSubscriptionOut, subscriptionsExtend } from '@/api'
import { NumberField } from '@/components/form/fields'
import { Form, FormButtons } from '@/components/form/form'
import { useServerForm } from '@/components/form/use-server-form'
import { Button } from '@/components/ui/button'
import { useTenant } from '@/lib/tenancy'
import { useFormat } from '@/lib/use-format'

const schema = z.object({ days: z.int().gte(1).lte(3660) })
const USUAL = [3, 7, 14, 30] as const
const DAY = 86_400_000

interface ExtendFormProps {
  subscription: UserSubscriptionOut
  onDone: () => void
}

export function ExtendForm({ subscription, onDone }: ExtendFormProps) {
  const { t } = useTranslation(['subscribers', 'common'])
  const format = useFormat()
  const { id } = useTenant()
  // One key for one dialog: a request that is repeated adds the days once.
  const [{ key, openedAt }] = useState(() => ({ key: crypto.randomUUID(), openedAt: Date.now() }))
  const { form, onSubmit, isPending, rootError } = useServerForm({
    schema,
    defaults: { days: 7 },
    send: ({ days }) =>
      subscriptionsExtend({
        path: { tenant_id: id, subscription_id: subscription.id },
        body: { days, idempotence_key: key },
      }),
    done: t('extend.done'),
    onDone,
  })
  const days = form.watch('days')
  const from = Math.max(openedAt, subscription.ends_at === null ? 0 : Date.parse(subscription.ends_at))
  const isSensible = schema.safeParse({ days }).success
  return (
    <Form onSubmit={onSubmit} rootError={rootError}>
      <div role="group" aria-label={t('extend.usual')} className="grid grid-cols-4 gap-2">
        {USUAL.map((count) => (
          <Button
            key={count}
            variant={days === count ? 'primary' : 'outline'}
            aria-pressed={days === count}
            onClick={() => form.setValue('days', count, { shouldDirty: true, shouldValidate: true })}
          >
            {t('days', { count })}
          </Button>
        ))}
      </div>
      <NumberField
        control={form.control}
        name="days"
        label={t('extend.days')}
        min={1}
        max={3660}
        {...(isSensible && {
          hint: t('extend.result', { at: format.lastDay(new Date(from + days * DAY).toISOString()) }),
        })}
      />
      <FormButtons>
        <Button onClick={onDone}>{t('common:actions.cancel')}</Button>
        <Button type="submit" variant="primary" isPending={isPending}>
          {t('extend.submit')}
        </Button>
      </FormButtons>
    </Form>
  )
}
