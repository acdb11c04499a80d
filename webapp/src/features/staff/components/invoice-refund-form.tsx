import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { type InvoiceOut, staffInvoicesRefund } from '@/api'
import { MoneyField, TextareaField } from '@/components/form/fields'
import { Form, FormButtons } from '@/components/form/form'
import { useServerForm } from '@/components/form/use-server-form'
import { Button } from '@/components/ui/button'
import { useFormat } from '@/lib/use-format'

interface InvoiceRefundFormProps {
  tenantId: string
  invoice: InvoiceOut
  onDone: () => void
}

/** How much of an invoice goes back, and why; the tenant reads it. */
export function InvoiceRefundForm({ tenantId, invoice, onDone }: InvoiceRefundFormProps) {
  const { t } = useTranslation(['staff', 'common'])
  const format = useFormat()
  const { left } = invoice
  // One key for one dialog: a request that is repeated gives the money back once.
  const [key] = useState(() => crypto.randomUUID())
  const [schema] = useState(() => makeSchema(left.amount_minor))
  const { form, onSubmit, isPending, rootError } = useServerForm({
    schema,
    defaults: { amount_minor: left.amount_minor, reason: '' },
    send: (body) =>
      staffInvoicesRefund({
        path: { tenant_id: tenantId },
        body: { ...body, stripe_invoice: invoice.id, idempotence_key: key },
      }),
    done: t('invoices.refundDone'),
    onDone,
  })
  return (
    <Form onSubmit={onSubmit} rootError={rootError}>
      <MoneyField
        control={form.control}
        name="amount_minor"
        label={t('invoices.amount')}
        hint={t('invoices.left', { amount: format.money(left) })}
        currency={left.currency}
      />
      <TextareaField
        control={form.control}
        name="reason"
        label={t('invoices.reason')}
        hint={t('invoices.reasonHint')}
        maxLength={256}
        rows={2}
      />
      <FormButtons>
        <Button onClick={onDone}>{t('common:actions.cancel')}</Button>
        <Button type="submit" variant="danger" isPending={isPending}>
          {t('invoices.submit')}
        </Button>
      </FormButtons>
    </Form>
  )
}

function makeSchema(most: number) {
  return z.object({
    amount_minor: z.int().gte(1).lte(most),
    reason: z.string().trim().min(10).max(256),
  })
}
