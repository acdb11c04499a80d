import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { type UserSubscriptionOut, subscriptionsPause } from '@/api'
import { NumberField } from '@/components/form/fields'
import { Form, FormButtons } from '@/components/form/form'
import { useServerForm } from '@/components/form/use-server-form'
import { Button } from '@/components/ui/button'
import { useTenant } from '@/lib/tenancy'
import { useFormat } from '@/lib/use-format'

const schema = z.object({ days: z.int().gte(1).lte(366) })
const USUAL = [7, 14, 30, 90] as const
const DAY = 86_400_000

interface PauseFormProps {
  subscription: UserSubscriptionOut
  onDone: () => void
}

/** For how long at most a subscription stands still. */
export function PauseForm({ subscription, onDone }: PauseFormProps) {
  const { t } = useTranslation(['subscribers', 'common'])
  const format = useFormat()
  const { id } = useTenant()
  const [openedAt] = useState(() => Date.now())
  const { form, onSubmit, isPending, rootError } = useServerForm({
    schema,
    defaults: { days: 14 },
    send: (body) => subscriptionsPause({ path: { tenant_id: id, subscription_id: subscription.id }, body }),
    done: t('pause.done'),
    onDone,
  })
  const days = form.watch('days')
  const isSensible = schema.safeParse({ days }).success
  return (
    <Form onSubmit={onSubmit} rootError={rootError}>
      <div role="group" aria-label={t('pause.usual')} className="grid grid-cols-4 gap-2">
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
        label={t('pause.days')}
        min={1}
        max={366}
        {...(isSensible && {
          hint: t('pause.result', { at: format.date(new Date(openedAt + days * DAY).toISOString()) }),
        })}
      />
      <FormButtons>
        <Button onClick={onDone}>{t('common:actions.cancel')}</Button>
        <Button type="submit" variant="primary" isPending={isPending}>
          {t('pause.submit')}
        </Button>
      </FormButtons>
    </Form>
  )
}
