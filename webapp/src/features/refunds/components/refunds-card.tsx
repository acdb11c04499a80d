import { useTranslation } from 'react-i18next'
import type { RefundOut } from '@/api'
import { Badge } from '@/components/ui/badge'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { Moment } from '@/components/ui/moment'
import { useFormat } from '@/lib/use-format'
import { REFUND_TONES } from '../states'

/** What went back of a payment and what is on its way; nothing where nobody asked for any. */
export function RefundsCard({ refunds }: { refunds: RefundOut[] }) {
  const { t } = useTranslation('refunds')
  if (refunds.length === 0) return null
  return (
    <Card aria-label={t('title')}>
      <CardHeader title={t('title')} />
      <CardBody>
        <ul className="divide-y">
          {refunds.map((refund) => (
            <RefundLine key={refund.id} refund={refund} />
          ))}
        </ul>
      </CardBody>
    </Card>
  )
}

function RefundLine({ refund }: { refund: RefundOut }) {
  const { t } = useTranslation('refunds')
  const format = useFormat()
  const why = useWhy(refund)
  const facts = [
    t(`origins.${refund.origin}`),
    refund.access !== null && t(`after.${refund.access}`),
    refund.reason,
  ].filter((fact): fact is string => typeof fact === 'string' && fact !== '')
  return (
    <li className="py-3 first:pt-0 last:pb-0">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <span className="inline-flex items-center gap-2">
          <span className="font-medium tabular-nums">{format.money(refund.amount)}</span>
          <Badge tone={REFUND_TONES[refund.status]}>{t(`status.${refund.status}`)}</Badge>
        </span>
        <span className="text-muted-foreground">
          <Moment at={refund.settled_at ?? refund.created_at} as="time" />
        </span>
      </div>
      <p className="mt-0.5 break-words text-muted-foreground">{facts.join(' · ')}</p>
      {why !== undefined && <p className="mt-0.5 text-warning">{why}</p>}
    </li>
  )
}

/** Why it failed, waits or has to be looked at. */
function useWhy({
  status,
  cancellation_reason,
  quarantine_reason,
  check_result,
}: RefundOut): string | undefined {
  const { t, i18n } = useTranslation('refunds')
  const code =
    status === 'canceled' ? cancellation_reason : status === 'quarantined' ? quarantine_reason : check_result
  if (code === null) return undefined
  const key = `why.${status === 'quarantined' ? 'mismatch' : code}`
  return i18n.exists(`refunds:${key}`) ? t(key as 'why.mismatch') : t('why.other', { code })
}
