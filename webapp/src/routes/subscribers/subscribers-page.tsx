import { FileInput, Megaphone } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import {
  channelsListOptions,
  plansListOptions,
  usersListOptions,
  usersListTagsOptions,
} from '@/api/@tanstack/react-query.gen'
import { PageBody } from '@/components/layout/page-body'
import { PageHeader } from '@/components/layout/page-header'
import { Button } from '@/components/ui/button'
import { ExportButton } from '@/features/exports/components/export-button'
import { ExtendAllButton } from '@/features/extensions/components/extend-all-button'
import { SubscribersTable } from '@/features/subscribers/components/subscribers-table'
import { filtersOf, listSchema } from '@/features/subscribers/list-url'
import { toQueryString } from '@/lib/query-string'
import { useTenantQuery } from '@/lib/requests'
import { useCan, useTenantPath } from '@/lib/tenancy'
import { useUrlState } from '@/lib/url-state'
import { useFormat } from '@/lib/use-format'

export function Page() {
  const { t } = useTranslation('subscribers')
  const { timeZone } = useFormat()
  const can = useCan()
  const path = useTenantPath()
  const url = useUrlState(listSchema)
  const { page, size, sort } = url.value
  const filters = filtersOf(url.value, timeZone)
  const subscribers = useTenantQuery((path) =>
    usersListOptions({ path, query: { page, size, sort, ...filters } }),
  )
  const plans = useTenantQuery((path) => plansListOptions({ path, query: { size: 200 } }))
  const channels = useTenantQuery((path) => channelsListOptions({ path, query: { size: 200 } }))
  const tags = useTenantQuery((path) => usersListTagsOptions({ path }))
  return (
    <PageBody>
      <PageHeader
        title={t('title')}
        description={t('description')}
        actions={
          <>
            {can('imports-check') && (
              <Button asChild>
                <Link to={path('/subscribers/import')}>
                  <FileInput aria-hidden />
                  {t('import')}
                </Link>
              </Button>
            )}
            {can('broadcasts-create') && (
              <Button asChild>
                <Link
                  to={path(`/broadcasts/new?${toQueryString({ query: toQueryString(filters) || null })}`)}
                >
                  <Megaphone aria-hidden />
                  {t('write')}
                </Link>
              </Button>
            )}
            <ExtendAllButton filters={filters} />
            <ExportButton kind="subscribers" filters={filters} />
          </>
        }
      />
      <SubscribersTable
        query={subscribers}
        url={url}
        plans={plans.data?.items ?? []}
        channels={channels.data?.items ?? []}
        tags={tags.data?.tags ?? []}
      />
      {can('erasures-list') && (
        <Link to={path('/subscribers/erasures')} className="mt-4 inline-block text-info hover:underline">
          {t('erasures')}
        </Link>
      )}
    </PageBody>
  )
}
