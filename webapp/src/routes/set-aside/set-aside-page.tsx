import { useTranslation } from 'react-i18next'
import {
  botsListOptions,
  jobsListDeadOptions,
  paymentsListNoticesOptions,
  updatesListQuarantinedOptions,
} from '@/api/@tanstack/react-query.gen'
import { listParams } from '@/components/data-table/list-state'
import { PageBody } from '@/components/layout/page-body'
import { PageHeader } from '@/components/layout/page-header'
import { Select } from '@/components/ui/select'
import { Tabs } from '@/components/ui/tabs'
import { JobsTable } from '@/features/set-aside/components/jobs-table'
import { NoticesTable } from '@/features/set-aside/components/notices-table'
import { UpdatesTable } from '@/features/set-aside/components/updates-table'
import { useTenantQuery } from '@/lib/requests'
import { id, oneOf, useUrlState } from '@/lib/url-state'

const params = { ...listParams, tab: oneOf(['jobs', 'notices', 'updates'], 'jobs'), bot: id() }

export function Page() {
  const { t } = useTranslation('set-aside')
  const { value, set } = useUrlState(params)
  const bots = useTenantQuery((path) => botsListOptions({ path, query: { size: 100 } }))
  const working = bots.data?.items ?? []
  const bot = working.find((known) => known.id === value.bot) ?? working[0]
  const pageOf = (tab: typeof value.tab) => (value.tab === tab ? value.page : 1)
  const { size } = value
  const jobs = useTenantQuery((path) => jobsListDeadOptions({ path, query: { page: pageOf('jobs'), size } }))
  const notices = useTenantQuery((path) =>
    paymentsListNoticesOptions({ path, query: { page: pageOf('notices'), size, status: 'quarantined' } }),
  )
  const updates = useTenantQuery(
    (path) =>
      updatesListQuarantinedOptions({
        path: { ...path, bot_id: bot?.id ?? '' },
        query: { page: pageOf('updates'), size },
      }),
    { enabled: bot !== undefined },
  )
  const label = (name: typeof value.tab, total: number | undefined) =>
    `${t(`tabs.${name}`)}${total ? ` (${total})` : ''}`
  return (
    <PageBody>
      <PageHeader title={t('title')} description={t('description')} />
      <Tabs
        label={t('title')}
        value={value.tab}
        onChange={(tab) => set({ tab })}
        tabs={[
          {
            value: 'jobs',
            label: label('jobs', jobs.data?.total),
            content: <JobsTable query={jobs} state={value} onChange={set} />,
          },
          {
            value: 'notices',
            label: label('notices', notices.data?.total),
            content: <NoticesTable query={notices} state={value} onChange={set} />,
          },
          {
            value: 'updates',
            label: label('updates', updates.data?.total),
            content: (
              <UpdatesTable
                botId={bot?.id ?? ''}
                query={updates}
                state={value}
                onChange={set}
                {...(working.length > 1 && {
                  toolbar: (
                    <Select
                      className="w-auto min-w-44"
                      aria-label={t('bot')}
                      value={bot?.id}
                      onChange={(event) => set({ bot: event.target.value })}
                      choices={working.map((known) => ({ value: known.id, label: `@${known.username}` }))}
                    />
                  ),
                })}
              />
            ),
          },
        ]}
      />
    </PageBody>
  )
}
