import { useTranslation } from 'react-i18next'
import type { BillingOut } from '@/api'
import { billingGetOptions } from '@/api/@tanstack/react-query.gen'
import { PageBody } from '@/components/layout/page-body'
import { PageHeader } from '@/components/layout/page-header'
import { Loaded } from '@/components/ui/loaded'
import { Notice } from '@/components/ui/notice'
import { Skeleton } from '@/components/ui/skeleton'
import { InvoicesCard } from '@/features/billing/components/invoices-card'
import { PlanList } from '@/features/billing/components/plan-list'
import { StandingCard } from '@/features/billing/components/standing-card'
import { UseCard } from '@/features/billing/components/use-card'
import { useTenantQuery } from '@/lib/requests'

const hasNoList = ({ plans }: BillingOut) => plans.length === 0

export function Page() {
  const { t } = useTranslation('billing')
  const billing = useTenantQuery((path) => billingGetOptions({ path }))
  return (
    <PageBody isNarrow>
      <PageHeader title={t('title')} description={t('description')} />
      <Loaded query={billing} skeleton={<Skeleton className="h-56" />}>
        {(found) => (
          <div className="space-y-4">
            {!found.is_billed && (
              <Notice tone="info" title={t('off.title')}>
                {t('off.text')}
              </Notice>
            )}
            {found.is_billed && hasNoList(found) && (
              <Notice tone="info" title={t('noList.title')}>
                {t('noList.text')}
              </Notice>
            )}
            {found.is_billed && !(hasNoList(found) && found.standing === 'free') && (
              <StandingCard billing={found} />
            )}
            {found.is_billed && found.has_portal && <InvoicesCard />}
            <UseCard uses={found.uses} />
            {found.is_billed && !hasNoList(found) && <PlanList billing={found} />}
          </div>
        )}
      </Loaded>
    </PageBody>
  )
}
