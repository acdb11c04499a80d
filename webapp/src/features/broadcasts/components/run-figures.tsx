import { useTranslation } from 'react-i18next'
import type { BroadcastOut } from '@/api'
import { cn } from '@/lib/cn'
import { useFormat } from '@/lib/use-format'

const FIGURES = [
  { name: 'sent', field: 'sent_count', look: 'text-success', isAlways: true },
  { name: 'left', field: 'left_count', look: '', isAlways: true },
  { name: 'failed', field: 'failed_count', look: 'text-danger', isAlways: true },
  { name: 'blocked', field: 'blocked_count', look: '', isAlways: true },
  { name: 'uncertain', field: 'uncertain_count', look: 'text-warning', isAlways: true },
  { name: 'skipped', field: 'skipped_count', look: '', isAlways: false },
] as const

/** What became of how many messages. */
export function RunFigures({ found }: { found: BroadcastOut }) {
  const { t } = useTranslation('broadcasts')
  const format = useFormat()
  return (
    // As many to a row as there is room for their words: none is broken.
    <dl className="grid grid-cols-[repeat(auto-fit,minmax(5.75rem,1fr))] gap-x-4 gap-y-3">
      {FIGURES.filter(({ field, isAlways }) => isAlways || found[field] > 0).map(({ name, field, look }) => {
        const count = found[field] ?? 0
        return (
          <div key={name} title={t(`figures.hints.${name}`)}>
            <dt className="text-muted-foreground">{t(`figures.${name}`)}</dt>
            <dd className={cn('text-xl font-medium tabular-nums', count > 0 && look)}>
              {format.number(count)}
            </dd>
          </div>
        )
      })}
    </dl>
  )
}
