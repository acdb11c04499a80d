import { useTranslation } from 'react-i18next'
import { paymentsListUndeliveredOptions } from '@/api/@tanstack/react-query.gen'
import { listParams } from '@/components/data-table/list-state'
import { PageBody } from '@/components/layout/page-body'
import { PageHeader } from '@/components/layout/page-header'
import { UndeliveredTable } from '@/features/payments/components/undelivered-table'
import { useTenantQuery } from '@/lib/requests'
import { useTenantPath } from '@/lib/tenancy'
import { useUrlState } from '@/lib/url-state'

export function Page() {
  const { t } = useTranslation('payments')
  const path = useTenantPath()
  const { value, set } = useUrlState(listParams)
  const { page, size } = value
  const rows = useTenantQuery(
    (tenant) => paymentsListUndeliveredOptions({ path: tenant, query: { page, size } }),
    // Whoever gets in leaves the list by itself.
    { refetchInterval: 15_000 },
  )
  return (
    <PageBody>
      <PageHeader
        title={t('undelivered.title')}
        description={t('undelivered.text')}
        back={{ to: path('/payments'), label: t('title') }}
      />
      <UndeliveredTable query={rows} state={value} onChange={set} />
    </PageBody>
  )
}
