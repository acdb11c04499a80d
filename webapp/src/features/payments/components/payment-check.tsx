import { RefreshCw } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { type PaymentRowOut, paymentsCheck } from '@/api'
import { Button } from '@/components/ui/button'
import { useTenantAction } from '@/lib/requests'
import { useCan } from '@/lib/tenancy'

interface PaymentCheckProps {
  payment: PaymentRowOut
  /** The answer comes a moment later: what was known when it was asked. */
  onAsked: (knownAt: string | null) => void
  isWaiting: boolean
}

/** Asks the gateway; only where it could say something new. */
export function PaymentCheck({ payment, onAsked, isWaiting }: PaymentCheckProps) {
  const { t } = useTranslation('payments')
  const can = useCan()
  const check = useTenantAction((path) => paymentsCheck({ path: { ...path, payment_id: payment.id } }), {
    done: t('check.done'),
    onDone: () => onAsked(payment.checked_at),
  })
  if (!can('payments-check') || payment.provider !== 'yookassa' || payment.status === 'succeeded') return null
  return (
    <Button isPending={check.isPending || isWaiting} onClick={() => check.mutate()}>
      {!check.isPending && !isWaiting && <RefreshCw aria-hidden />}
      {t('check.submit')}
    </Button>
  )
}
