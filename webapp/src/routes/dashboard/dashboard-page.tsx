import { ChartColumn } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import type { DashboardOut } from '@/api'
import { analyticsGetDashboardOptions } from '@/api/@tanstack/react-query.gen'
import { PageBody } from '@/components/layout/page-body'
import { PageHeader } from '@/components/layout/page-header'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { Loaded } from '@/components/ui/loaded'
import { Moment } from '@/components/ui/moment'
import { Skeleton } from '@/components/ui/skeleton'
import { State } from '@/components/ui/state'
import { DashboardCharts } from '@/features/analytics/components/dashboard-charts'
import { FigureCards } from '@/features/analytics/components/figure-cards'
import { KindNotice } from '@/features/analytics/components/kind-notice'
import { PeriodBar } from '@/features/analytics/components/period-bar'
import { periodParams } from '@/features/analytics/period'
import { useAsked } from '@/features/analytics/use-figures'
import { LostChannels } from '@/features/channels/components/lost-channels'
import { WaitingSweeps } from '@/features/channels/components/waiting-sweeps'
import { Checklist } from '@/features/onboarding/components/checklist'
import { useTenantQuery } from '@/lib/requests'
import { useCan, useTenant, useTenantPath } from '@/lib/tenancy'
import { useUrlState } from '@/lib/url-state'
import { useFormat } from '@/lib/use-format'
import { toListPath } from './list-link'
import { placesOfSteps } from './places'

export function Page() {
  const { t } = useTranslation('analytics')
  const path = useTenantPath()
  const { removal_at } = useTenant()
  const { timeZone } = useFormat()
  const url = useUrlState(periodParams)
  const asked = useAsked(url.value)
  const dashboard = useTenantQuery((tenant) => analyticsGetDashboardOptions({ path: tenant, query: asked }))
  return (
    <PageBody>
      <PageHeader
        title={t('dashboard.title')}
        description={
          dashboard.data && (
            <>
              {t('updated')} <Moment at={dashboard.data.updated_at} />
            </>
          )
        }
        actions={<PeriodBar url={url} asked={asked} />}
      />
      <LostChannels />
      <WaitingSweeps />
      {removal_at === null && <Checklist places={placesOfSteps()} />}
      <Loaded query={dashboard} skeleton={<DashboardSkeleton />}>
        {(figures) => (
          <div
            aria-busy={dashboard.isPlaceholderData}
            className={dashboard.isPlaceholderData ? 'opacity-60 transition-opacity' : undefined}
          >
            <KindNotice url={url} view={figures} />
            <FigureCards
              dashboard={figures}
              toList={(list) => {
                const to = toListPath(list, timeZone)
                return to === undefined ? undefined : path(to)
              }}
            />
            {isEmpty(figures) ? <NothingYet /> : <DashboardCharts dashboard={figures} />}
          </div>
        )}
      </Loaded>
    </PageBody>
  )
}

function NothingYet() {
  const { t } = useTranslation('analytics')
  const path = useTenantPath()
  const can = useCan()
  return (
    <Card className="mt-4">
      <State
        icon={ChartColumn}
        title={t('empty.title')}
        action={
          <>
            {can('test_drives-start') && (
              <Button asChild variant="primary">
                <Link to={path('/test-drive')}>{t('empty.testDrive')}</Link>
              </Button>
            )}
            <Button asChild>
              <Link to={path('/plans')}>{t('empty.plans')}</Link>
            </Button>
          </>
        }
      >
        {t('empty.text')}
      </State>
    </Card>
  )
}

function DashboardSkeleton() {
  return (
    <>
      <div className="grid grid-cols-2 gap-3 sm:grid-cols-3 min-[87.5rem]:grid-cols-5">
        {['revenue', 'mrr', 'active', 'new', 'churned'].map((name) => (
          <Skeleton key={name} className="h-28" />
        ))}
      </div>
      <div className="mt-4 grid gap-4 lg:grid-cols-2">
        {['revenue', 'mrr', 'movement', 'active'].map((name) => (
          <Skeleton key={name} className="h-96" />
        ))}
      </div>
    </>
  )
}

function isEmpty({ revenue, active, new: fresh, churned, series }: DashboardOut): boolean {
  return (
    revenue.amounts.every((sum) => sum.amount_minor === 0) &&
    active.count + fresh.count + churned.count === 0 &&
    series.every((point) => point.active === 0)
  )
}
