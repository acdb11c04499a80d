import { useTranslation } from 'react-i18next'
import type { PaymentRowOut } from '@/api'
import { Badge } from '@/components/ui/badge'
import { DELIVERY_TONES, STATUS_TONES, isKnownMethod } from '../states'

type Payment = Pick<
  PaymentRowOut,
  | 'status'
  | 'is_test'
  | 'is_gift'
  | 'delivery_state'
  | 'method'
  | 'provider'
  | 'amount'
  | 'refunded'
  | 'credit'
>

export function PaymentStatus({ payment }: { payment: Payment }) {
  const { t } = useTranslation('payments')
  return (
    <span className="inline-flex flex-wrap gap-1">
      <Badge tone={STATUS_TONES[payment.status]}>{t(`status.${payment.status}`)}</Badge>
      {payment.refunded.amount_minor > 0 && (
        <Badge tone="neutral">
          {t(payment.refunded.amount_minor >= payment.amount.amount_minor ? 'refunded.all' : 'refunded.part')}
        </Badge>
      )}
      {payment.is_gift && <Badge>{t('gift')}</Badge>}
      {payment.is_test && <Badge tone="warning">{t('test')}</Badge>}
    </span>
  )
}

export function Delivery({ payment }: { payment: Payment }) {
  const { t } = useTranslation('payments')
  if (payment.delivery_state === 'not_paid') return <span className="text-muted-foreground">—</span>
  return (
    <Badge tone={DELIVERY_TONES[payment.delivery_state]}>{t(`delivery.${payment.delivery_state}`)}</Badge>
  )
}

export function Method({ payment: { method, provider, credit } }: { payment: Payment }) {
  const { t } = useTranslation('payments')
  if (provider === 'free' && credit.amount_minor > 0) return <>{t('providers.turned')}</>
  if (
    provider === 'free' ||
    provider === 'manual' ||
    provider === 'stars' ||
    provider === 'import' ||
    provider === 'gift'
  )
    return <>{t(`providers.${provider}`)}</>
  if (method === null) return <span className="text-muted-foreground">—</span>
  return <>{isKnownMethod(method) ? t(`methods.${method}`) : method}</>
}
