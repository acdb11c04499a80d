import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { InvoiceOut, InvoiceRefundOut } from '@/api'
import { Badge, type Tone } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Moment } from '@/components/ui/moment'
import { useFormat } from '@/lib/use-format'

const PAYABLE = ['open', 'uncollectible']
const REFUND_TONES: Record<InvoiceRefundOut['state'], Tone> = {
  asked: 'info',
  pending: 'info',
  succeeded: 'success',
  failed: 'danger',
  refused: 'danger',
}

interface InvoiceLineProps {
  invoice: InvoiceOut
  /** What else can be done with it. */
  actions?: ReactNode
}

/** An invoice of the platform: what it came to, what went back of it and why, and the way to Stripe's page of it. */
export function InvoiceLine({ invoice, actions }: InvoiceLineProps) {
  const { t } = useTranslation('billing')
  const format = useFormat()
  const isPayable = PAYABLE.includes(invoice.status)
  return (
    <li className="space-y-2 px-4 py-3 sm:px-5" aria-label={invoice.number}>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-48">
          <p className="flex flex-wrap items-center gap-2">
            <span className="font-medium tabular-nums">{format.money(invoice.total)}</span>
            <State invoice={invoice} />
          </p>
          <p className="text-sm break-words text-muted-foreground">
            {invoice.number} · <Moment at={invoice.made_at} as="date" />
            {[invoice.name, ...invoice.tax_ids.map(({ value }) => value)]
              .filter((part) => part !== '')
              .map((part) => ` · ${part}`)
              .join('')}
          </p>
        </div>
        <div className="flex flex-wrap gap-2">
          {actions}
          {invoice.page_url !== null && (
            <Button asChild size="sm" variant={isPayable ? 'primary' : undefined}>
              <a href={invoice.page_url} target="_blank" rel="noreferrer">
                {t(isPayable ? 'invoices.pay' : 'invoices.open')}
              </a>
            </Button>
          )}
        </div>
      </div>
      {invoice.refunds.map((refund) => (
        <Refund key={refund.created_at} refund={refund} />
      ))}
    </li>
  )
}

function State({ invoice: { status, refunded, total } }: { invoice: InvoiceOut }) {
  const { t } = useTranslation('billing')
  const format = useFormat()
  if (refunded.amount_minor > 0 && refunded.amount_minor >= total.amount_minor)
    return <Badge tone="neutral">{t('invoices.refunded')}</Badge>
  if (refunded.amount_minor > 0)
    return <Badge tone="neutral">{t('invoices.partlyRefunded', { amount: format.money(refunded) })}</Badge>
  if (status === 'paid') return <Badge tone="success">{t('invoices.states.paid')}</Badge>
  if (status === 'open') return <Badge tone="warning">{t('invoices.states.open')}</Badge>
  if (status === 'uncollectible') return <Badge tone="danger">{t('invoices.states.uncollectible')}</Badge>
  return <Badge>{status === 'void' ? t('invoices.states.void') : status}</Badge>
}

function Refund({ refund }: { refund: InvoiceRefundOut }) {
  const { t } = useTranslation('billing')
  const format = useFormat()
  return (
    <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm text-muted-foreground">
      <Badge tone={REFUND_TONES[refund.state]}>{t(`invoices.refundStates.${refund.state}`)}</Badge>
      <span className="tabular-nums">{format.money(refund.amount)}</span>
      <Moment at={refund.created_at} as="date" />
      <span className="min-w-0 break-words">{refund.reason}</span>
      {refund.failure !== null && <code className="text-xs">{refund.failure}</code>}
    </p>
  )
}
