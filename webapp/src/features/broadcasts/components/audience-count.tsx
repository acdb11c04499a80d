import { UsersRound } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { BroadcastCategory } from '@/api'
import { Notice } from '@/components/ui/notice'
import { problemText } from '@/i18n/problem-text'
import { cn } from '@/lib/cn'
import { toProblem } from '@/lib/problem'
import { useDebounced } from '@/lib/use-debounced'
import { useFormat } from '@/lib/use-format'
import { useAudience } from '../use-audience'

interface AudienceCountProps {
  botId: string
  category: BroadcastCategory
  query: string
}

/** Whom a broadcast would reach if it began now, and whom of the list it would not. */
export function AudienceCount({ botId, category, query: filters }: AudienceCountProps) {
  const { t } = useTranslation('broadcasts')
  const format = useFormat()
  const query = useAudience(botId, category, useDebounced(filters))
  if (query.isError) return <Notice tone="danger">{problemText(toProblem(query.error))}</Notice>
  const { reached = 0, blocked = 0, opted_out = 0 } = query.data ?? {}
  return (
    <div
      role="status"
      aria-busy={query.isFetching}
      className={cn('flex items-start gap-2.5 transition-opacity', query.isPlaceholderData && 'opacity-60')}
    >
      <UsersRound className="mt-0.5 size-5 shrink-0 text-muted-foreground" aria-hidden />
      <div>
        <p className="font-medium tabular-nums">
          {query.data === undefined
            ? t('audience.counting')
            : t('audience.reached', { count: reached, people: format.number(reached) })}
        </p>
        {blocked > 0 && (
          <p className="text-muted-foreground">
            {t('audience.blocked', { count: blocked, people: format.number(blocked) })}
          </p>
        )}
        {opted_out > 0 && (
          <p className="text-muted-foreground">
            {t('audience.optedOut', { count: opted_out, people: format.number(opted_out) })}
          </p>
        )}
      </div>
    </div>
  )
}
