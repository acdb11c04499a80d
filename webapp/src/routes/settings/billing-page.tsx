import { useTranslation } from 'react-i18next'
import { billingGetOptions } from '@/api/@tanstack/react-query.gen'
import { PageBody } from '@/components/layout/page-body'
import { PageHeader } from '@/components/layout/page-header'
import { Loaded } from '@/components/ui/loaded'
import { Notice } from '@/components/ui/notice'
import { Skeleton } from '@/components/ui/skeleton'
import { PlanList } from '@/features/billing/components/plan-list'
import { StandingCard } from '@/features/billing/components/standing-card'
import { UseCard } from '@/features/billing/components/use-card'
import { useTenantQuery } from '@/lib/requests'

export function Page() {
  const { t } = useTranslation('billing')
  const billing = useTenantQuery((path) => billingGetOptions({ path }))
  return (
    <PageBody isNarrow>
      <PageHeader title={t('title')} description={t('description')} />
      <Loaded query={billing} skeleton={<Skeleton className="h-56" />}>
        {(found) => (
          <div className="space-y-4">
            {found.is_billed ? (
              <StandingCard billing={found} />
            ) : (
              <Notice tone="info" title={t('off.title')}>
                {t('off.text')}
              </Notice>
            )}
            <UseCard uses={found.uses} />
            {found.is_billed && found.plans.length > 0 && <PlanList billing={found} />}
          </div>
        )}
      </Loaded>
    </PageBody>
  )
}
