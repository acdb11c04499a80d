import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { staffImpersonationsListRunningOptions } from '@/api/@tanstack/react-query.gen'
import { PageBody } from '@/components/layout/page-body'
import { PageHeader } from '@/components/layout/page-header'
import { Loaded } from '@/components/ui/loaded'
import { Skeleton } from '@/components/ui/skeleton'
import { RunningViews } from '@/features/staff/components/running-views'
import { useMe } from '@/lib/use-me'

export function Page() {
  const { t } = useTranslation('staff')
  const views = useQuery({ ...staffImpersonationsListRunningOptions(), refetchInterval: 30_000 })
  const me = useMe()
  return (
    <PageBody isNarrow>
      <PageHeader title={t('views.title')} description={t('views.description')} />
      <Loaded query={views} skeleton={<Skeleton className="h-40" />}>
        {({ items }) => <RunningViews views={items} own={me.data?.impersonation?.impersonation_id} />}
      </Loaded>
    </PageBody>
  )
}
