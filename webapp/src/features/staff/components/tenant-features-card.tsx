import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { staffFeaturesListOfTenantOptions } from '@/api/@tanstack/react-query.gen'
import { Card, CardHeader } from '@/components/ui/card'
import { Loaded } from '@/components/ui/loaded'
import { Skeleton } from '@/components/ui/skeleton'
import { FeaturesList } from './features-list'

/** What a tenant has of what can be switched off. */
export function TenantFeaturesCard({ tenantId }: { tenantId: string }) {
  const { t } = useTranslation('staff')
  const features = useQuery(staffFeaturesListOfTenantOptions({ path: { tenant_id: tenantId } }))
  return (
    <Card aria-label={t('features.title')}>
      <CardHeader title={t('features.title')} description={t('features.ofTenant')} />
      <Loaded query={features} skeleton={<Skeleton className="m-4 h-24" />}>
        {(found) => <FeaturesList features={found} tenantId={tenantId} />}
      </Loaded>
    </Card>
  )
}
