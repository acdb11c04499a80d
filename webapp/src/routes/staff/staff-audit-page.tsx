import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import {
  staffPlatformListAuditEventsOptions,
  staffPlatformListTenantAuditEventsOptions,
} from '@/api/@tanstack/react-query.gen'
import { PageBody } from '@/components/layout/page-body'
import { PageHeader } from '@/components/layout/page-header'
import { Tabs } from '@/components/ui/tabs'
import { AllTenantsButton } from '@/features/staff/components/all-tenants-button'
import { EventsLog } from '@/features/audit/components/events-log'
import { type EventFilters, eventParams, eventQuery } from '@/features/audit/event-filters'
import { id, oneOf, useUrlState } from '@/lib/url-state'
import { useFormat } from '@/lib/use-format'

const params = { ...eventParams, tab: oneOf(['platform', 'tenants'], 'platform'), tenant: id() }

export function Page() {
  const { t } = useTranslation('staff')
  const { value, set } = useUrlState(params)
  return (
    <PageBody>
      <PageHeader
        title={t('audit.title')}
        description={t('audit.description')}
        actions={
          <AllTenantsButton tenant={value.tenant} onClick={() => set({ tenant: undefined, after: '' })} />
        }
      />
      <Tabs
        label={t('audit.title')}
        value={value.tab}
        onChange={(tab) => set({ tab, after: '' })}
        tabs={[
          { value: 'platform', label: t('audit.platform'), content: <Platform /> },
          { value: 'tenants', label: t('audit.tenants'), content: <Tenants /> },
        ]}
      />
    </PageBody>
  )
}

/** The filters of the URL, and what they ask for. */
function useFilters() {
  const url = useUrlState(eventParams)
  const { timeZone } = useFormat()
  const set = (changes: Partial<EventFilters>) => url.set({ after: '', ...changes })
  return { filters: { ...url, set }, query: eventQuery(url.value, timeZone) }
}

function Platform() {
  const { filters, query } = useFilters()
  const events = useQuery({
    ...staffPlatformListAuditEventsOptions({ query }),
    placeholderData: keepPreviousData,
  })
  return <EventsLog query={events} filters={filters} />
}

function Tenants() {
  const { t } = useTranslation('staff')
  const { filters, query } = useFilters()
  const { tenant } = useUrlState(params).value
  const events = useQuery({
    ...staffPlatformListTenantAuditEventsOptions({ query: { ...query, tenant_id: tenant ?? null } }),
    placeholderData: keepPreviousData,
  })
  return (
    <EventsLog
      query={events}
      filters={filters}
      tenant={({ tenant_id }) => (
        <Link className="inline-block py-0.5 text-info hover:underline" to={`/staff/tenants/${tenant_id}`}>
          {t('invariants.tenant')}
        </Link>
      )}
    />
  )
}
