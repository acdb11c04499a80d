import { useTranslation } from 'react-i18next'
import { Moment } from '@/components/ui/moment'

const HOUR_MILLISECONDS = 3_600_000

/** When a key was used last: the server keeps no more than the hour of it, so no more is said. */
export function LastUsed({ at }: { at: string | null }) {
  const { t } = useTranslation('api')
  if (at === null) return <span className="text-muted-foreground">{t('keys.neverUsed')}</span>
  const hours = hoursSince(at)
  if (hours < 1) return t('keys.withinHour')
  return hours < 2 ? t('keys.withinTwoHours') : <Moment at={at} />
}

function hoursSince(iso: string): number {
  return (Date.now() - Date.parse(iso)) / HOUR_MILLISECONDS
}
