import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router-dom'
import type { TenantConsoleOut } from '@/api'
import { staffTenantsGetOptions } from '@/api/@tanstack/react-query.gen'
import { PageBody } from '@/components/layout/page-body'
import { PageHeader } from '@/components/layout/page-header'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Loaded } from '@/components/ui/loaded'
import { Notice } from '@/components/ui/notice'
import { Skeleton } from '@/components/ui/skeleton'
import { BotsCard } from '@/features/staff/components/bots-card'
import { HealthCard } from '@/features/staff/components/health-card'
import { LimitsCard } from '@/features/staff/components/limits-card'
import { MembersCard } from '@/features/staff/components/members-card'
import { TenantActions } from '@/features/staff/components/tenant-actions'
import { TenantBillingCard } from '@/features/staff/components/tenant-billing-card'
import { TenantFeaturesCard } from '@/features/staff/components/tenant-features-card'
import { TenantInvoicesCard } from '@/features/staff/components/tenant-invoices-card'

export function Page() {
  const { tenantId = '' } = useParams()
  const tenant = useQuery(staffTenantsGetOptions({ path: { tenant_id: tenantId } }))
  return (
    <PageBody>
      <Loaded query={tenant} skeleton={<Skeleton className="h-[36rem]" />}>
        {(found) => <Tenant found={found} />}
      </Loaded>
    </PageBody>
  )
}

function Tenant({ found }: { found: TenantConsoleOut }) {
  const { t } = useTranslation('staff')
  const { tenant, use, bots, members } = found
  return (
    <>
      <PageHeader
        title={tenant.name}
        description={<span className="font-mono text-xs">{tenant.id}</span>}
        badge={
          <Badge tone={tenant.status === 'active' ? 'success' : 'danger'}>
            {t(`status.${tenant.status}`)}
          </Badge>
        }
        back={{ to: '/staff/tenants', label: t('tenants.title') }}
        actions={<TenantActions tenant={tenant} />}
      />
      {tenant.suspended_at !== null && (
        <Notice tone="danger" title={t('tenant.suspended')} className="mb-5">
          {tenant.suspension_reason}
        </Notice>
      )}
      <div className="grid grid-cols-1 items-start gap-5 lg:grid-cols-2">
        <HealthCard tenant={tenant} />
        <LimitsCard tenantId={tenant.id} use={use} />
        <TenantBillingCard tenantId={tenant.id} />
        <TenantInvoicesCard tenantId={tenant.id} />
        <TenantFeaturesCard tenantId={tenant.id} />
        <BotsCard bots={bots} />
        <MembersCard members={members} />
      </div>
      <p className="mt-5 flex flex-wrap gap-2">
        <Button asChild size="sm">
          <Link to={`/staff/audit?tab=tenants&tenant=${tenant.id}`}>{t('tenant.audit')}</Link>
        </Button>
        <Button asChild size="sm">
          <Link to={`/staff/set-aside?tenant=${tenant.id}`}>{t('tenant.setAside')}</Link>
        </Button>
      </p>
    </>
  )
}
