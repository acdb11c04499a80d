import { useTranslation } from 'react-i18next'
import type { BroadcastOut } from '@/api'
import { Notice } from '@/components/ui/notice'
import { useFormat } from '@/lib/use-format'

/** How many people wait until their own clocks show the hour, and when it is that of the next and of the last. */
export function HourNotice({ found }: { found: BroadcastOut }) {
  const { t } = useTranslation('broadcasts')
  const format = useFormat()
  const later = found.waiting_for_hour
  if (later === null || found.status === 'stopped') return null
  const { count, next_at, last_at } = later
  return (
    <Notice tone="info" title={t('run.hour', { count, people: format.number(count) })}>
      {next_at === last_at
        ? t('run.hourOnce', { at: format.exact(last_at) })
        : t('run.hourText', { next: format.exact(next_at), last: format.exact(last_at) })}
    </Notice>
  )
}
