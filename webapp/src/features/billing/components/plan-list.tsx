import { useTranslation } from 'react-i18next'
import { type BillingOut, type PlatformPlanOut, billingCheckOut } from '@/api'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { cn } from '@/lib/cn'
import { useTenantAction } from '@/lib/requests'
import { useCan } from '@/lib/tenancy'
import { useFormat } from '@/lib/use-format'
import { PlanLimits } from './plan-limits'

/** The plans of the platform; one can be chosen while none is paid for. */
export function PlanList({ billing }: { billing: BillingOut }) {
  const { t } = useTranslation('billing')
  const can = useCan()
  const checkout = useTenantAction(
    (path, plan_code: string) => billingCheckOut({ path, body: { plan_code } }),
    { onDone: ({ url }) => window.location.assign(url) },
  )
  const canChoose =
    can('billing-check_out') && (billing.standing === 'free' || billing.standing === 'canceled')
  return (
    <section
      aria-label={t('plans')}
      className={cn('grid gap-4 sm:grid-cols-2', billing.plans.length % 3 === 0 && 'xl:grid-cols-3')}
    >
      {billing.plans.map((plan) => (
        <PlanCard
          key={plan.code}
          plan={plan}
          isCurrent={plan.code === billing.plan_code}
          onChoose={canChoose && plan.price.amount_minor > 0 ? () => checkout.mutate(plan.code) : undefined}
          isBusy={checkout.isPending && checkout.variables === plan.code}
        />
      ))}
    </section>
  )
}

interface PlanCardProps {
  plan: PlatformPlanOut
  isCurrent: boolean
  isBusy: boolean
  /** Nothing where it cannot be chosen now. */
  onChoose: (() => void) | undefined
}

function PlanCard({ plan, isCurrent, isBusy, onChoose }: PlanCardProps) {
  const { t } = useTranslation('billing')
  const format = useFormat()
  const isFree = plan.price.amount_minor === 0
  return (
    <Card aria-label={plan.name} className="flex flex-col">
      <CardHeader
        title={
          <span className="flex flex-wrap items-center gap-2">
            {plan.name}
            {isCurrent && <Badge tone="success">{t('current')}</Badge>}
          </span>
        }
        description={isFree ? t('costsNothing') : t('monthly', { price: format.money(plan.price) })}
      />
      <CardBody className="flex grow flex-col items-start justify-between gap-3">
        <PlanLimits plan={plan} className="space-y-1" />
        {onChoose && (
          <Button variant="primary" isPending={isBusy} onClick={onChoose}>
            {plan.trial_days > 0 ? t('try', { count: plan.trial_days }) : t('choose', { name: plan.name })}
          </Button>
        )}
      </CardBody>
    </Card>
  )
}
