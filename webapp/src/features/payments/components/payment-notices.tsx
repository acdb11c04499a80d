import { useTranslation } from 'react-i18next'
import type { PaymentRowOut } from '@/api'
import { Moment } from '@/components/ui/moment'
import { Notice } from '@/components/ui/notice'

/** Why nobody paid, why a human has to look, and what the gateway said last. */
export function PaymentNotices({ payment }: { payment: PaymentRowOut }) {
  const { t } = useTranslation('payments')
  const words = useWords()
  const { quarantine_reason, cancellation_reason, check_result, checked_at, status } = payment
  return (
    <>
      {quarantine_reason !== null && (
        <Notice tone="danger" title={t('quarantine.title')}>
          {words('quarantine', quarantine_reason)}
        </Notice>
      )}
      {status === 'canceled' && cancellation_reason !== null && (
        <Notice tone="info" title={t('cancellation.title')}>
          {words('cancellation', cancellation_reason)}
        </Notice>
      )}
      {check_result !== null && checked_at !== null && (
        <Notice tone="info" title={t('check.last')}>
          {words('checks', check_result)} · <Moment at={checked_at} />
        </Notice>
      )}
    </>
  )
}

function useWords() {
  const { t, i18n } = useTranslation('payments')
  return (of: 'quarantine' | 'cancellation' | 'checks', code: string | null): string => {
    const key = `${of}.${code ?? ''}`
    return code !== null && i18n.exists(`payments:${key}`)
      ? t(key as 'quarantine.other')
      : t(`${of}.other`, { code: code ?? '' })
  }
}
