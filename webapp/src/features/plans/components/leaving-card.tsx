import { useTranslation } from 'react-i18next'
import type { PlanOut } from '@/api'
import { plansGetLeavingRulesOptions, promoCodesListOptions } from '@/api/@tanstack/react-query.gen'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { Loaded } from '@/components/ui/loaded'
import { Skeleton } from '@/components/ui/skeleton'
import { useTenantQuery } from '@/lib/requests'
import { useCan } from '@/lib/tenancy'
import { LeavingForm } from './leaving-form'

/** What a plan allows and offers to whoever wants to leave. */
export function LeavingCard({ plan }: { plan: PlanOut }) {
  const { t } = useTranslation('plans')
  const can = useCan()
  const rules = useTenantQuery((tenant) =>
    plansGetLeavingRulesOptions({ path: { ...tenant, plan_id: plan.id } }),
  )
  const codes = useTenantQuery((tenant) =>
    promoCodesListOptions({ path: tenant, query: { bot_id: plan.bot_id, size: 200 } }),
  )
  return (
    <Card>
      <CardHeader title={t('leaving.title')} />
      <CardBody className="space-y-5">
        <p className="text-muted-foreground">{t('leaving.text')}</p>
        <Loaded query={rules} skeleton={<Skeleton className="h-40" />}>
          {(found) => (
            <Loaded query={codes} skeleton={<Skeleton className="h-40" />}>
              {({ items }) => (
                <LeavingForm
                  plan={plan}
                  rules={found}
                  promoCodes={items}
                  isReadOnly={plan.archived_at !== null || !can('plans-set_leaving_rules')}
                />
              )}
            </Loaded>
          )}
        </Loaded>
      </CardBody>
    </Card>
  )
}
