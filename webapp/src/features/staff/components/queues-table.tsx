import { CircleCheck } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { QueueOut } from '@/api'
import { Card } from '@/components/ui/card'
import { State } from '@/components/ui/state'
import { cn } from '@/lib/cn'
import { useFormat } from '@/lib/use-format'

const LATE_SECONDS = 60

/** How much waits, for how long the oldest is due, and how much gave up. */
export function QueuesTable({ queues }: { queues: readonly QueueOut[] }) {
  const { t } = useTranslation('staff')
  const format = useFormat()
  if (!queues.length)
    return (
      <Card>
        <State icon={CircleCheck} title={t('queues.empty')}>
          {t('queues.emptyText')}
        </State>
      </Card>
    )
  return (
    <Card className="overflow-x-auto">
      <table className="w-full">
        <caption className="sr-only">{t('queues.title')}</caption>
        <thead>
          <tr className="text-xs text-muted-foreground">
            <th scope="col" className="px-4 py-2.5 text-left font-medium">
              {t('queues.queue')}
            </th>
            {(['waiting', 'oldest', 'dead'] as const).map((name) => (
              <th key={name} scope="col" className="px-4 py-2.5 text-right font-medium">
                {t(`queues.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {queues.map((row) => (
            <tr key={row.queue} className="border-t">
              <th scope="row" className="px-4 py-3 text-left font-mono text-sm font-normal">
                {row.queue}
              </th>
              <td className="px-4 py-3 text-right tabular-nums">{format.number(row.waiting)}</td>
              <td
                className={cn(
                  'px-4 py-3 text-right tabular-nums',
                  row.oldest_seconds > LATE_SECONDS && 'font-semibold text-danger',
                )}
              >
                {t('queues.seconds', { seconds: format.number(Math.round(row.oldest_seconds)) })}
              </td>
              <td
                className={cn(
                  'px-4 py-3 text-right tabular-nums',
                  row.dead > 0 && 'font-semibold text-danger',
                )}
              >
                {format.number(row.dead)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  )
}
