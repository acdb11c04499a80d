import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import { channelsListOptions, plansListOptions } from '@/api/@tanstack/react-query.gen'
import { FiltersSummary } from '@/features/subscribers/components/filters-summary'
import { addressOf, readStored } from '@/features/subscribers/stored-filters'
import { useTenantQuery } from '@/lib/requests'
import { useTenant, useTenantPath } from '@/lib/tenancy'

/** For whom a broadcast is, in words that lead to the list of these people as it is now. */
export function SegmentSummary({ query }: { query: string }) {
  const { t } = useTranslation('broadcasts')
  const { time_zone } = useTenant()
  const path = useTenantPath()
  const plans = useTenantQuery((tenant) => plansListOptions({ path: tenant, query: { size: 200 } }))
  const channels = useTenantQuery((tenant) => channelsListOptions({ path: tenant, query: { size: 200 } }))
  const value = readStored(query, time_zone)
  return (
    <>
      <FiltersSummary
        value={value}
        everybody={t('facts.everybody')}
        plans={plans.data?.items ?? []}
        channels={channels.data?.items ?? []}
        tags={[]}
      />
      <Link to={path(`/subscribers${addressOf(value)}`)} className="mt-1 block w-fit underline">
        {t('facts.list')}
      </Link>
    </>
  )
}
