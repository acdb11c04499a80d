import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { staffTenantsListOptions } from '@/api/@tanstack/react-query.gen'
import { PageBody } from '@/components/layout/page-body'
import { PageHeader } from '@/components/layout/page-header'
import { TenantsTable } from '@/features/staff/components/tenants-table'
import { oneOf, text, useUrlState } from '@/lib/url-state'

const params = { search: text(), status: oneOf(['active', 'suspended']), after: text() }

export function Page() {
  const { t } = useTranslation('staff')
  const url = useUrlState(params)
  const { search, status, after } = url.value
  const tenants = useQuery({
    ...staffTenantsListOptions({
      query: { search: search || null, status: status ?? null, after: after || null, size: 50 },
    }),
    placeholderData: keepPreviousData,
  })
  return (
    <PageBody>
      <PageHeader title={t('tenants.title')} description={t('tenants.description')} />
      <TenantsTable query={tenants} url={url} />
    </PageBody>
  )
}
