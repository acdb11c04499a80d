import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { staffFeaturesListOptions } from '@/api/@tanstack/react-query.gen'
import { PageBody } from '@/components/layout/page-body'
import { PageHeader } from '@/components/layout/page-header'
import { Card, CardHeader } from '@/components/ui/card'
import { Loaded } from '@/components/ui/loaded'
import { Skeleton } from '@/components/ui/skeleton'
import { FeaturesList } from '@/features/staff/components/features-list'

export function Page() {
  const { t } = useTranslation('staff')
  const features = useQuery(staffFeaturesListOptions())
  return (
    <PageBody isNarrow>
      <PageHeader title={t('features.title')} description={t('features.description')} />
      <Card>
        <CardHeader title={t('features.forAll')} />
        <Loaded query={features} skeleton={<Skeleton className="m-4 h-24" />}>
          {(found) => <FeaturesList features={found} />}
        </Loaded>
      </Card>
    </PageBody>
  )
}
