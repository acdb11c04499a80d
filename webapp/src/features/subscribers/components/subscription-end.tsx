import { useTranslation } from 'react-i18next'
import type { UserSubscriptionOut } from '@/api'
import { Moment } from '@/components/ui/moment'
import { useFormat } from '@/lib/use-format'

const DAY = 86_400_000
const HOUR = 3_600_000

/** Until when a subscription runs or ran; of a paused one, until when at most, and what is left of it. */
export function SubscriptionEnd({ subscription }: { subscription: UserSubscriptionOut }) {
  const { t } = useTranslation('subscribers')
  const format = useFormat()
  const { status, ends_at, paused_until_at } = subscription
  if (ends_at === null) return t('access.forEver')
  if (paused_until_at !== null) {
    const left = Date.parse(ends_at) - Date.parse(paused_until_at)
    const words =
      left >= DAY
        ? t('days', { count: Math.floor(left / DAY) })
        : t('pause.hours', { count: Math.max(1, Math.floor(left / HOUR)) })
    return (
      <>
        {t('access.paused', { at: format.dateTime(paused_until_at) })}
        {' · '}
        {t('access.left', { left: words })}
      </>
    )
  }
  if (status !== 'active') return t('access.ended', { at: format.end(ends_at) })
  return (
    <>
      {t('access.until', { at: format.end(ends_at) })}
      {' · '}
      <Moment at={ends_at} />
    </>
  )
}
