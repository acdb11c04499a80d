import { useTranslation } from 'react-i18next'
import { tenantsListMembersOptions } from '@/api/@tanstack/react-query.gen'
import { Button } from '@/components/ui/button'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { ErrorState } from '@/components/ui/error-state'
import { Skeleton } from '@/components/ui/skeleton'
import { useTenantQuery } from '@/lib/requests'
import { isWorthTelling } from '../happenings'
import type { useTimeline } from '../use-timeline'
import { Happening } from './happening'

interface TimelineProps {
  title: string
  query: ReturnType<typeof useTimeline>
}

export function Timeline({ title, query }: TimelineProps) {
  const { t } = useTranslation(['timeline', 'common'])
  const members = useTenantQuery((path) => tenantsListMembersOptions({ path, query: { size: 200 } }))
  const names = Object.fromEntries(
    (members.data?.items ?? []).map(({ admin_id, name, email }) => [admin_id, name || (email ?? '')]),
  )
  const happenings = query.data?.pages.flatMap(({ items }) => items).filter(isWorthTelling)
  return (
    <Card aria-label={title}>
      <CardHeader title={title} />
      <CardBody aria-busy={query.isPending}>
        {happenings === undefined ? (
          query.isError ? (
            <ErrorState error={query.error} onRetry={() => void query.refetch()} />
          ) : (
            <>
              <span className="sr-only" role="status">
                {t('common:loading')}
              </span>
              <Skeleton className="h-56" />
            </>
          )
        ) : happenings.length === 0 ? (
          <p className="text-muted-foreground">{t('empty')}</p>
        ) : (
          <ol>
            {happenings.map((happening, index) => (
              <Happening
                key={`${happening.source}.${happening.id}.${happening.action}`}
                happening={happening}
                names={names}
                isLast={index === happenings.length - 1}
              />
            ))}
          </ol>
        )}
        {query.hasNextPage && (
          <Button
            className="mt-5 w-full"
            isPending={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            {t('older')}
          </Button>
        )}
      </CardBody>
    </Card>
  )
}
