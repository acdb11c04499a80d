import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router-dom'
import { plansChange } from '@/api'
import { botsListOptions, channelsListOptions, plansGetOptions } from '@/api/@tanstack/react-query.gen'
import { PageBody } from '@/components/layout/page-body'
import { PageHeader } from '@/components/layout/page-header'
import { Loaded } from '@/components/ui/loaded'
import { Notice } from '@/components/ui/notice'
import { Skeleton } from '@/components/ui/skeleton'
import { LeavingCard } from '@/features/plans/components/leaving-card'
import { LeavingReasons } from '@/features/plans/components/leaving-reasons'
import { PlanForm } from '@/features/plans/components/plan-form'
import { PlanLink } from '@/features/plans/components/plan-link'
import { PlanMenu } from '@/features/plans/components/plan-menu'
import { PlanPlaces } from '@/features/plans/components/plan-places'
import { PlanStatus } from '@/features/plans/components/plan-status'
import { useTenantQuery } from '@/lib/requests'
import { useCan, useTenant, useTenantPath } from '@/lib/tenancy'

export function Page() {
  const { t } = useTranslation('plans')
  const navigate = useNavigate()
  const path = useTenantPath()
  const can = useCan()
  const { id } = useTenant()
  const { planId = '' } = useParams()
  const plan = useTenantQuery((tenant) => plansGetOptions({ path: { ...tenant, plan_id: planId } }))
  const bots = useTenantQuery((tenant) => botsListOptions({ path: tenant, query: { size: 100 } }))
  const channels = useTenantQuery((tenant) => channelsListOptions({ path: tenant, query: { size: 200 } }))
  const toList = () => navigate(path('/plans'))
  return (
    <PageBody isNarrow>
      <Loaded query={plan} skeleton={<Skeleton className="h-160" />}>
        {(found) => (
          <>
            <PageHeader
              title={found.title}
              badge={<PlanStatus plan={found} />}
              back={{ to: path('/plans'), label: t('title') }}
              actions={<PlanMenu plan={found} onArchived={toList} />}
            />
            <div className="space-y-5">
              {found.archived_at !== null && <Notice tone="info">{t('archivedText')}</Notice>}
              {found.capacity !== null && (
                <Notice tone={found.sale_state === 'sold_out' ? 'warning' : 'info'}>
                  <PlanPlaces plan={found} />
                </Notice>
              )}
              <PlanLink plan={found} />
              <Loaded query={channels} skeleton={<Skeleton className="h-140" />}>
                {({ items }) => (
                  <PlanForm
                    key={found.id}
                    plan={found}
                    bots={bots.data?.items ?? []}
                    channels={items}
                    isReadOnly={found.archived_at !== null || !can('plans-change')}
                    draftKey={`${id}.plan.${found.id}`}
                    send={(body) => plansChange({ path: { tenant_id: id, plan_id: found.id }, body })}
                    done={t('change.done')}
                    onDone={toList}
                    onCancel={toList}
                  />
                )}
              </Loaded>
              <LeavingCard plan={found} />
              <LeavingReasons plan={found} />
            </div>
          </>
        )}
      </Loaded>
    </PageBody>
  )
}
