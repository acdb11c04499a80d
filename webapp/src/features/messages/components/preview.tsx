import type { UseQueryResult } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { PreviewOut } from '@/api'
import { MessageBubble } from '@/components/telegram-html/message-bubble'
import { TextProblems } from '@/components/telegram-html/text-problems'
import { Skeleton } from '@/components/ui/skeleton'
import { cn } from '@/lib/cn'

export function Preview({ query, limit }: { query: UseQueryResult<PreviewOut>; limit: number }) {
  const { t } = useTranslation('messages')
  return (
    <section aria-label={t('preview.title')} className="space-y-2">
      <h3 className="text-muted-foreground">{t('preview.title')}</h3>
      <div
        className={cn('rounded-lg bg-info-soft p-4 transition-opacity', query.isFetching && 'opacity-70')}
        aria-busy={query.isFetching}
      >
        {query.isError ? (
          <TextProblems error={query.error} limit={limit} />
        ) : query.data === undefined ? (
          <Skeleton className="h-24" />
        ) : (
          <MessageBubble html={query.data.html} />
        )}
      </div>
      <p className="text-xs text-muted-foreground">{t('preview.text')}</p>
    </section>
  )
}
