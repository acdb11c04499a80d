import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { staffPlatformListQueuesOptions } from '@/api/@tanstack/react-query.gen'
import { PageBody } from '@/components/layout/page-body'
import { PageHeader } from '@/components/layout/page-header'
import { Loaded } from '@/components/ui/loaded'
import { Moment } from '@/components/ui/moment'
import { Skeleton } from '@/components/ui/skeleton'
import { QueuesTable } from '@/features/staff/components/queues-table'

const EVERY_MS = 5000

export function Page() {
  const { t } = useTranslation('staff')
  const queues = useQuery({ ...staffPlatformListQueuesOptions(), refetchInterval: EVERY_MS })
  return (
    <PageBody isNarrow>
      <PageHeader title={t('queues.title')} description={t('queues.description')} />
      <Loaded query={queues} skeleton={<Skeleton className="h-72" />}>
        {(found) => (
          <>
            <QueuesTable queues={found.queues} />
            <p className="mt-3 text-muted-foreground">
              {t('queues.read')} <Moment at={found.read_at} as="time" />
            </p>
          </>
        )}
      </Loaded>
    </PageBody>
  )
}
