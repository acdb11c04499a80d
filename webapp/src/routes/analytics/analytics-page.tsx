import { useTranslation } from 'react-i18next'
import { PageBody } from '@/components/layout/page-body'
import { PageHeader } from '@/components/layout/page-header'
import { Tabs } from '@/components/ui/tabs'
import { PeriodBar } from '@/features/analytics/components/period-bar'
import { PERIODS, periodParams } from '@/features/analytics/period'
import { useAsked } from '@/features/analytics/use-figures'
import { oneOf, useUrlState } from '@/lib/url-state'
import { Churn, Cohorts, Funnel, Ltv, Mrr, Sources } from './panels'

const PANELS = { mrr: Mrr, churn: Churn, ltv: Ltv, cohorts: Cohorts, funnel: Funnel, sources: Sources }
const TABS = ['mrr', 'churn', 'ltv', 'cohorts', 'funnel', 'sources'] as const
const WITH_SERIES: readonly string[] = ['mrr', 'churn']
const params = { ...periodParams, period: oneOf(PERIODS, '90d'), tab: oneOf(TABS, 'mrr') }

export function Page() {
  const { t } = useTranslation('analytics')
  const url = useUrlState(params)
  const asked = useAsked(url.value)
  return (
    <PageBody>
      <PageHeader
        title={t('title')}
        actions={<PeriodBar url={url} asked={asked} hasBucket={WITH_SERIES.includes(url.value.tab)} />}
      />
      <Tabs
        label={t('title')}
        value={url.value.tab}
        onChange={(tab) => url.set({ tab })}
        tabs={TABS.map((value) => {
          const Panel = PANELS[value]
          return { value, label: t(`tabs.${value}`), content: <Panel url={url} asked={asked} /> }
        })}
      />
    </PageBody>
  )
}
