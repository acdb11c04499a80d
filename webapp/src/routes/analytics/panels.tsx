/** Each part of the analytics asks for its own figures, when it is looked at. */
import {
  analyticsGetChurnOptions,
  analyticsGetCohortsOptions,
  analyticsGetFunnelOptions,
  analyticsGetLtvOptions,
  analyticsGetMrrOptions,
  analyticsGetSourcesOptions,
} from '@/api/@tanstack/react-query.gen'
import { ChurnPanel } from '@/features/analytics/components/churn-panel'
import { CohortsPanel } from '@/features/analytics/components/cohorts-panel'
import { Figures } from '@/features/analytics/components/figures'
import { FunnelPanel } from '@/features/analytics/components/funnel-panel'
import { LtvPanel } from '@/features/analytics/components/ltv-panel'
import { MrrPanel } from '@/features/analytics/components/mrr-panel'
import { SourcesPanel } from '@/features/analytics/components/sources-panel'
import type { PeriodUrl } from '@/features/analytics/period'
import type { Asked } from '@/features/analytics/use-figures'
import { useTenantQuery } from '@/lib/requests'

interface PanelProps {
  url: PeriodUrl
  asked: Asked
}

export function Mrr({ url, asked }: PanelProps) {
  const query = useTenantQuery((path) => analyticsGetMrrOptions({ path, query: asked }))
  return (
    <Figures query={query} url={url}>
      {(data) => <MrrPanel data={data} asked={asked} />}
    </Figures>
  )
}

export function Churn({ url, asked }: PanelProps) {
  const query = useTenantQuery((path) => analyticsGetChurnOptions({ path, query: asked }))
  return (
    <Figures query={query} url={url}>
      {(data) => <ChurnPanel data={data} asked={asked} />}
    </Figures>
  )
}

export function Ltv({ url, asked }: PanelProps) {
  const query = useTenantQuery((path) => analyticsGetLtvOptions({ path, query: withoutBucket(asked) }))
  return (
    <Figures query={query} url={url}>
      {(data) => <LtvPanel data={data} asked={asked} />}
    </Figures>
  )
}

export function Cohorts({ url, asked }: PanelProps) {
  const query = useTenantQuery((path) => analyticsGetCohortsOptions({ path, query: withoutBucket(asked) }))
  return (
    <Figures query={query} url={url}>
      {(data) => <CohortsPanel data={data} asked={asked} />}
    </Figures>
  )
}

export function Funnel({ url, asked }: PanelProps) {
  const query = useTenantQuery((path) => analyticsGetFunnelOptions({ path, query: withoutBucket(asked) }))
  return (
    <Figures query={query} url={url}>
      {(data) => <FunnelPanel data={data} asked={asked} />}
    </Figures>
  )
}

export function Sources({ url, asked }: PanelProps) {
  const query = useTenantQuery((path) => analyticsGetSourcesOptions({ path, query: withoutBucket(asked) }))
  return (
    <Figures query={query} url={url}>
      {(data) => <SourcesPanel data={data} asked={asked} />}
    </Figures>
  )
}

function withoutBucket({ first_day, last_day, is_test }: Asked) {
  return { first_day, last_day, ...(is_test !== undefined && { is_test }) }
}
