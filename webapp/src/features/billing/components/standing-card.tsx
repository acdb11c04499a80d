import { useTranslation } from 'react-i18next'
import { type BillingOut, billingOpenPortal } from '@/api'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { Moment } from '@/components/ui/moment'
import { STANDING_TONES } from '@/lib/standing'
import { useTenantAction } from '@/lib/requests'
import { useCan } from '@/lib/tenancy'
import { AfterCancelling } from './after-cancelling'
import { DebtNotice } from './debt-notice'
import { PlanLimits } from './plan-limits'

/** How the tenant stands with the platform, what follows from a debt, and the way to Stripe's portal. */
export function StandingCard({ billing }: { billing: BillingOut }) {
  const { t } = useTranslation('billing')
  const can = useCan()
  const portal = useTenantAction((path) => billingOpenPortal({ path }), {
    onDone: ({ url }) => window.location.assign(url),
  })
  const hasPortal = billing.has_portal && can('billing-open_portal')
  const plan = billing.plans.find(({ code }) => code === billing.plan_code)
  return (
    <Card aria-label={t('yourPlan')}>
      <CardHeader
        title={
          <span className="flex flex-wrap items-center gap-2">
            {plan?.name ?? t('yourPlan')}
            <Badge tone={STANDING_TONES[billing.standing]}>{t(`standing.${billing.standing}`)}</Badge>
          </span>
        }
        description={hasPortal ? t('portalHint') : undefined}
        actions={
          hasPortal && (
            <Button isPending={portal.isPending} onClick={() => portal.mutate()}>
              {t('portal')}
            </Button>
          )
        }
      />
      <CardBody className="space-y-3">
        {plan && <PlanLimits plan={plan} className="grid gap-x-6 gap-y-1 sm:grid-cols-2" />}
        <DebtNotice billing={billing} />
        <End billing={billing} />
        <AfterCancelling billing={billing} />
      </CardBody>
    </Card>
  )
}

function End({ billing }: { billing: BillingOut }) {
  const { t } = useTranslation('billing')
  const [label, at] =
    billing.cancels_at !== null
      ? [t('endsAt'), billing.cancels_at]
      : billing.standing === 'trialing'
        ? [t('trialUntil'), billing.trial_ends_at]
        : [t('paidUntil'), billing.standing === 'active' ? billing.period_ends_at : null]
  if (at === null) return null
  return (
    <p className="text-muted-foreground">
      {label} <Moment at={at} as="date" />
    </p>
  )
}
