import { useTranslation } from 'react-i18next'
import type { TenantHealthOut } from '@/api'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { Definitions } from '@/components/ui/definitions'
import { Moment } from '@/components/ui/moment'
import { cn } from '@/lib/cn'
import { Troubles } from './troubles'

export function HealthCard({ tenant }: { tenant: TenantHealthOut }) {
  const { t } = useTranslation('staff')
  const count = (value: number) => (
    <span className={cn('tabular-nums', value > 0 && 'font-semibold text-danger')}>{value}</span>
  )
  return (
    <Card>
      <CardHeader title={t('tenants.health')} actions={<Troubles tenant={tenant} />} />
      <CardBody>
        <Definitions
          rows={[
            [t('tenant.paidWithoutAccess'), count(tenant.paid_without_access)],
            [t('tenant.deadJobs'), count(tenant.dead_jobs)],
            [t('tenant.updates'), count(tenant.quarantined_updates)],
            [t('tenant.notices'), count(tenant.quarantined_notices)],
            [t('tenants.lastUpdate'), <Moment key="last" at={tenant.last_update_at} />],
            [t('tenants.created'), <Moment key="created" at={tenant.created_at} as="date" />],
          ]}
        />
      </CardBody>
    </Card>
  )
}
