import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { type MoneyOut, refundsCreate } from '@/api'
import { MoneyField, SelectField, TextareaField } from '@/components/form/fields'
import { Form, FormButtons } from '@/components/form/form'
import { useServerForm } from '@/components/form/use-server-form'
import { Button } from '@/components/ui/button'
import { useTenant } from '@/lib/tenancy'
import { useFormat } from '@/lib/use-format'

interface RefundFormProps {
  paymentId: string
  left: MoneyOut
  onDone: () => void
}

export function RefundForm({ paymentId, left, onDone }: RefundFormProps) {
  const { t } = useTranslation(['refunds', 'common'])
  const format = useFormat()
  const { id } = useTenant()
  // One key for one dialog: a request that is repeated gives the money back once.
  const [key] = useState(() => crypto.randomUUID())
  const [schema] = useState(() => makeSchema(left.amount_minor))
  const { form, onSubmit, isPending, rootError } = useServerForm({
    schema,
    defaults: { amount_minor: left.amount_minor, reason: '', access: 'revoke' as 'keep' | 'revoke' },
    send: (body) =>
      refundsCreate({
        path: { tenant_id: id, payment_id: paymentId },
        body: { ...body, idempotence_key: key },
      }),
    done: t('form.done'),
    onDone,
  })
  const access = form.watch('access')
  return (
    <Form onSubmit={onSubmit} rootError={rootError}>
      {left.currency === 'XTR' ? (
        <p>{t('form.wholeStars', { amount: format.money(left) })}</p>
      ) : (
        <MoneyField
          control={form.control}
          name="amount_minor"
          label={t('form.amount')}
          hint={t('form.left', { amount: format.money(left) })}
          currency={left.currency}
        />
      )}
      <SelectField
        control={form.control}
        name="access"
        label={t('form.access')}
        hint={t(`form.hints.${access}`)}
        choices={(['revoke', 'keep'] as const).map((value) => ({ value, label: t(`access.${value}`) }))}
      />
      <TextareaField
        control={form.control}
        name="reason"
        label={t('form.reason')}
        hint={t('form.reasonHint')}
        maxLength={250}
        rows={2}
        isOptional
      />
      <FormButtons>
        <Button onClick={onDone}>{t('common:actions.cancel')}</Button>
        <Button type="submit" variant="danger" isPending={isPending}>
          {t('form.submit')}
        </Button>
      </FormButtons>
    </Form>
  )
}

function makeSchema(most: number) {
  return z.object({
    amount_minor: z.int().gte(1).lte(most),
    reason: z.string().trim().max(250),
    access: z.enum(['keep', 'revoke']),
  })
}
