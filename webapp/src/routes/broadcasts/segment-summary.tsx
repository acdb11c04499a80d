import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import type { BroadcastOut } from '@/api'
import { channelsListOptions, plansListOptions } from '@/api/@tanstack/react-query.gen'
import { useOccasion } from '@/features/broadcasts/use-occasion'
import { FiltersSummary } from '@/features/subscribers/components/filters-summary'
import { addressOf, readStored } from '@/features/subscribers/stored-filters'
import { useTenantQuery } from '@/lib/requests'
import { useTenant, useTenantPath } from '@/lib/tenancy'

/**
 * For whom a broadcast is, in words that lead to the list of these people as it is now. Whom one finds by itself, no
 * list can show before their time.
 */
export function SegmentSummary({ found }: { found: BroadcastOut }) {
  const { t } = useTranslation('broadcasts')
  const { time_zone } = useTenant()
  const path = useTenantPath()
  const plans = useTenantQuery((tenant) => plansListOptions({ path: tenant, query: { size: 200 } }))
  const channels = useTenantQuery((tenant) => channelsListOptions({ path: tenant, query: { size: 200 } }))
  const occasion = useOccasion()(found)
  const value = readStored(found.query, time_zone)
  const address = addressOf(value)
  if (found.trigger !== null && address === '') return <>{occasion}</>
  return (
    <>
      {found.trigger !== null && <p className="mb-1">{occasion}</p>}
      <FiltersSummary
        value={value}
        everybody={t('facts.everybody')}
        plans={plans.data?.items ?? []}
        channels={channels.data?.items ?? []}
        tags={[]}
      />
      <Link to={path(`/subscribers${address}`)} className="mt-1 block w-fit underline">
        {t('facts.list')}
      </Link>
    </>
  )
}
