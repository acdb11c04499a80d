import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { staffPlatformListInvariantsOptions } from '@/api/@tanstack/react-query.gen'
import { PageBody } from '@/components/layout/page-body'
import { PageHeader } from '@/components/layout/page-header'
import { Loaded } from '@/components/ui/loaded'
import { Skeleton } from '@/components/ui/skeleton'
import { InvariantsList } from '@/features/staff/components/invariants-list'

const EVERY_MS = 60_000

export function Page() {
  const { t } = useTranslation('staff')
  const found = useQuery({ ...staffPlatformListInvariantsOptions(), refetchInterval: EVERY_MS })
  return (
    <PageBody isNarrow>
      <PageHeader title={t('invariants.title')} description={t('invariants.description')} />
      <Loaded query={found} skeleton={<Skeleton className="h-96" />}>
        {({ items, limit }) => <InvariantsList items={items} limit={limit} />}
      </Loaded>
    </PageBody>
  )
}
