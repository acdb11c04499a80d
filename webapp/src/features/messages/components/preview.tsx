import type { UseQueryResult } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { PreviewOut } from '@/api'
import { MessageBubble } from '@/components/telegram-html/message-bubble'
import { Notice } from '@/components/ui/notice'
import { Skeleton } from '@/components/ui/skeleton'
import { cn } from '@/lib/cn'
import { problemText } from '@/i18n/problem-text'
import { toProblem } from '@/lib/problem'
import { readProblems } from '../catalogue'

export function Preview({ query }: { query: UseQueryResult<PreviewOut> }) {
  const { t } = useTranslation('messages')
  return (
    <section aria-label={t('preview.title')} className="space-y-2">
      <h3 className="text-muted-foreground">{t('preview.title')}</h3>
      <div
        className={cn('rounded-lg bg-info-soft p-4 transition-opacity', query.isFetching && 'opacity-70')}
        aria-busy={query.isFetching}
      >
        {query.isError ? (
          <Problems error={query.error} />
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

function Problems({ error }: { error: unknown }) {
  const { t, i18n } = useTranslation('messages')
  const problem = toProblem(error)
  const told = problem.fields.text
  if (told === undefined) return <Notice tone="danger">{problemText(problem)}</Notice>
  return (
    <Notice tone="danger" title={t('problems.title')}>
      <ul className="list-disc space-y-1 pl-4">
        {readProblems(told).map(({ code, about }) => (
          <li key={`${code} ${about}`}>
            {t(
              (i18n.exists(`messages:problems.${code}`)
                ? `problems.${code}`
                : 'problems.other') as 'problems.other',
              {
                about,
              },
            )}
          </li>
        ))}
      </ul>
    </Notice>
  )
}
