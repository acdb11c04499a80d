import { useTranslation } from 'react-i18next'
import { useFormat } from '@/lib/use-format'

const SHOWN = { relative: 'relative', date: 'date', time: 'dateTime', lastDay: 'lastDay' } as const

interface MomentProps {
  at: string | null | undefined
  /** `relative`: 5 minutes ago, the exact time on hovering; the others are in the tenant's time zone, `lastDay` is of an end. */
  as?: keyof typeof SHOWN
  /** Said when there is none. */
  fallback?: string
}

export function Moment({ at, as = 'relative', fallback }: MomentProps) {
  const { t } = useTranslation()
  const format = useFormat()
  if (!at) return <span className="text-muted-foreground">{fallback ?? t('never')}</span>
  return (
    <time dateTime={at} title={format.exact(at)} className="whitespace-nowrap">
      {format[SHOWN[as]](at)}
    </time>
  )
}
