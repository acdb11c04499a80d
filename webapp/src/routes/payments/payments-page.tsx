import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import {
  paymentsListOptions,
  paymentsListUndeliveredOptions,
  paymentsSumOptions,
  plansListOptions,
} from '@/api/@tanstack/react-query.gen'
import { PageBody } from '@/components/layout/page-body'
import { PageHeader } from '@/components/layout/page-header'
import { Button } from '@/components/ui/button'
import { ExportButton } from '@/features/exports/components/export-button'
import { PaymentSums } from '@/features/payments/components/payment-sums'
import { PaymentsTable } from '@/features/payments/components/payments-table'
import { filtersOf, listSchema } from '@/features/payments/list-url'
import { useTenantQuery } from '@/lib/requests'
import { useTenant, useTenantPath } from '@/lib/tenancy'
import { useUrlState } from '@/lib/url-state'

export function Page() {
  const { t } = useTranslation('payments')
  const { time_zone } = useTenant()
  const path = useTenantPath()
  const url = useUrlState(listSchema)
  const { page, size, sort } = url.value
  const filters = filtersOf(url.value, time_zone)
  const payments = useTenantQuery((tenant) =>
    paymentsListOptions({
      path: tenant,
      query: { page, size, sort, ...filters },
    }),
  )
  const sums = useTenantQuery((tenant) => paymentsSumOptions({ path: tenant, query: filters }))
  const undelivered = useTenantQuery((tenant) =>
    paymentsListUndeliveredOptions({ path: tenant, query: { size: 1 } }),
  )
  const plans = useTenantQuery((tenant) => plansListOptions({ path: tenant, query: { size: 200 } }))
  return (
    <PageBody>
      <PageHeader
        title={t('title')}
        description={t('description')}
        actions={
          <>
            <Button asChild>
              <Link to={path('/payments/gifts')}>{t('gifts')}</Link>
            </Button>
            <Button asChild>
              <Link to={path('/payments/reconciliation')}>{t('reconciliation')}</Link>
            </Button>
            <ExportButton kind="payments" filters={filters} />
          </>
        }
      />
      <PaymentSums
        query={sums}
        undelivered={undelivered.data?.total}
        undeliveredPath={path('/payments/undelivered')}
      />
      <PaymentsTable query={payments} url={url} plans={plans.data?.items ?? []} />
    </PageBody>
  )
}
