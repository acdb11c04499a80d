import { useTranslation } from 'react-i18next'
import { useFormat } from '@/lib/use-format'

interface MomentProps {
  at: string | null | undefined
  /** `relative`: 5 minutes ago, the exact time on hovering; `date` and `time` are in the tenant's time zone. */
  as?: 'relative' | 'date' | 'time'
  /** Said when there is none. */
  fallback?: string
}

export function Moment({ at, as = 'relative', fallback }: MomentProps) {
  const { t } = useTranslation()
  const format = useFormat()
  if (!at) return <span className="text-muted-foreground">{fallback ?? t('never')}</span>
  const shown =
    as === 'relative' ? format.relative(at) : as === 'date' ? format.date(at) : format.dateTime(at)
  return (
    <time dateTime={at} title={format.exact(at)} className="whitespace-nowrap">
      {shown}
    </time>
  )
}
