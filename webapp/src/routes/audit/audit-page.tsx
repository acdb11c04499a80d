import { useTranslation } from 'react-i18next'
import {
  auditEventsListOptions,
  impersonationsListOptions,
  tenantsListMembersOptions,
} from '@/api/@tanstack/react-query.gen'
import { PageBody } from '@/components/layout/page-body'
import { PageHeader } from '@/components/layout/page-header'
import { Tabs } from '@/components/ui/tabs'
import { EventsLog } from '@/features/audit/components/events-log'
import { ViewsTable } from '@/features/audit/components/views-table'
import { type EventFilters, eventParams, eventQuery } from '@/features/audit/event-filters'
import { useTenantQuery } from '@/lib/requests'
import { useCan, useTenant } from '@/lib/tenancy'
import { oneOf, text, useUrlState } from '@/lib/url-state'

const tabParams = { tab: oneOf(['events', 'views'], 'events'), after: text() }

export function Page() {
  const { t } = useTranslation('audit')
  const can = useCan()
  const tab = useUrlState(tabParams)
  return (
    <PageBody>
      <PageHeader title={t('title')} description={t('description')} />
      {can('audit_events-list') ? (
        <Tabs
          label={t('tabs.label')}
          value={tab.value.tab}
          onChange={(chosen) => tab.set({ tab: chosen, after: '' })}
          tabs={[
            { value: 'events', label: t('tabs.events'), content: <Events /> },
            { value: 'views', label: t('tabs.views'), content: <Views /> },
          ]}
        />
      ) : (
        <Views />
      )}
    </PageBody>
  )
}

function Events() {
  const { time_zone } = useTenant()
  const url = useUrlState(eventParams)
  const events = useTenantQuery((path) =>
    auditEventsListOptions({ path, query: eventQuery(url.value, time_zone) }),
  )
  const members = useTenantQuery((path) => tenantsListMembersOptions({ path, query: { size: 200 } }))
  const people = members.data?.items.map(({ admin_id, name }) => ({ id: admin_id, name })) ?? []
  const set = (changes: Partial<EventFilters>) => url.set({ after: '', ...changes })
  return <EventsLog query={events} filters={{ ...url, set }} people={people} />
}

function Views() {
  const { value, set } = useUrlState(tabParams)
  const views = useTenantQuery((path) =>
    impersonationsListOptions({ path, query: { after: value.after || null, size: 50 } }),
  )
  return <ViewsTable query={views} after={value.after} onAfter={(after) => set({ after })} />
}
