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

export function Page() {
  const { t } = useTranslation('win-backs')
  const series = useTenantQuery((path) => winBacksGetOptions({ path }))
  const figures = useTenantQuery((path) => winBacksCountOptions({ path }))
  const plans = useTenantQuery((path) => plansListOptions({ path, query: { size: 200, is_archived: false } }))
  const bots = useTenantQuery((path) => botsListOptions({ path, query: { size: 100 } }))
  return (
    <PageBody>
      <PageHeader title={t('title')} description={t('description')} />
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
