import { useTranslation } from 'react-i18next'
import {
  botsListOptions,
  plansListOptions,
  winBacksCountOptions,
  winBacksGetOptions,
} from '@/api/@tanstack/react-query.gen'
import { PageBody } from '@/components/layout/page-body'
import { PageHeader } from '@/components/layout/page-header'
import { Loaded } from '@/components/ui/loaded'
import { Skeleton } from '@/components/ui/skeleton'
import { FiguresCard } from '@/features/win-backs/components/figures-card'
import { SeriesForm } from '@/features/win-backs/components/series-form'
import { useTenantQuery } from '@/lib/requests'
import { useTenantPath } from '@/lib/tenancy'

export function Page() {
  const { t } = useTranslation('win-backs')
  const path = useTenantPath()
  const series = useTenantQuery((tenant) => winBacksGetOptions({ path: tenant }))
  const figures = useTenantQuery((tenant) => winBacksCountOptions({ path: tenant }))
  const plans = useTenantQuery((tenant) =>
    plansListOptions({ path: tenant, query: { size: 200, is_archived: false } }),
  )
  const bots = useTenantQuery((tenant) => botsListOptions({ path: tenant, query: { size: 100 } }))
  return (
    <PageBody>
      <PageHeader
        title={t('title')}
        description={t('description')}
        back={{ to: path('/promo-codes'), label: t('back') }}
      />
      <div className="space-y-5">
        <Loaded query={series} skeleton={<Skeleton className="h-96" />}>
          {(stored) => (
            <Loaded query={plans} skeleton={<Skeleton className="h-96" />}>
              {({ items }) => (
                <SeriesForm
                  stored={stored}
                  plans={items}
                  botId={bots.data?.items.find(({ status }) => status !== 'deleted')?.id}
                />
              )}
            </Loaded>
          )}
        </Loaded>
        <FiguresCard query={figures} />
      </div>
    </PageBody>
  )
}
