import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import {
  staffQuarantineListDeadJobsOptions,
  staffQuarantineListNoticesOptions,
  staffQuarantineListUpdatesOptions,
} from '@/api/@tanstack/react-query.gen'
import { PageBody } from '@/components/layout/page-body'
import { PageHeader } from '@/components/layout/page-header'
import { Tabs } from '@/components/ui/tabs'
import { AllTenantsButton } from '@/features/staff/components/all-tenants-button'
import { DeadJobsTable } from '@/features/staff/components/dead-jobs-table'
import { NoticesTable } from '@/features/staff/components/notices-table'
import { UpdatesTable } from '@/features/staff/components/updates-table'
import { id, oneOf, text, useUrlState } from '@/lib/url-state'

const params = { tab: oneOf(['updates', 'notices', 'jobs'], 'updates'), tenant: id(), after: text() }

export function Page() {
  const { t } = useTranslation('staff')
  const { value, set } = useUrlState(params)
  return (
    <PageBody>
      <PageHeader
        title={t('setAside.title')}
        description={t('setAside.description')}
        actions={
          <AllTenantsButton tenant={value.tenant} onClick={() => set({ tenant: undefined, after: '' })} />
        }
      />
      <Tabs
        label={t('setAside.title')}
        value={value.tab}
        onChange={(tab) => set({ tab, after: '' })}
        tabs={[
          { value: 'updates', label: t('setAside.updates'), content: <Updates /> },
          { value: 'notices', label: t('setAside.notices'), content: <Notices /> },
          { value: 'jobs', label: t('setAside.jobs'), content: <Jobs /> },
        ]}
      />
    </PageBody>
  )
}

/** What of the URL each of the lists asks for, and how it goes on. */
function useListed() {
  const { value, set } = useUrlState(params)
  return {
    query: { tenant_id: value.tenant ?? null, after: value.after || null, size: 50 },
    after: value.after,
    onAfter: (after: string) => set({ after }),
  }
}

function Updates() {
  const { query, ...pages } = useListed()
  const found = useQuery({
    ...staffQuarantineListUpdatesOptions({ query }),
    placeholderData: keepPreviousData,
  })
  return <UpdatesTable query={found} {...pages} />
}

function Notices() {
  const { query, ...pages } = useListed()
  const found = useQuery({
    ...staffQuarantineListNoticesOptions({ query }),
    placeholderData: keepPreviousData,
  })
  return <NoticesTable query={found} {...pages} />
}

function Jobs() {
  const { query, ...pages } = useListed()
  const found = useQuery({
    ...staffQuarantineListDeadJobsOptions({ query }),
    placeholderData: keepPreviousData,
  })
  return <DeadJobsTable query={found} {...pages} />
}
