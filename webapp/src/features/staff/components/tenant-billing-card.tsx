import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { TenantBillingOut } from '@/api'
import { staffBillingGetBillingOptions } from '@/api/@tanstack/react-query.gen'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { Definitions } from '@/components/ui/definitions'
import { Loaded } from '@/components/ui/loaded'
import { Moment } from '@/components/ui/moment'
import { Skeleton } from '@/components/ui/skeleton'
import { STANDING_TONES } from '@/lib/standing'
import { useFormat } from '@/lib/use-format'
import { LimitsByHandForm } from './limits-by-hand-form'

/** How a tenant stands with the platform, and the limits that count for it. */
export function TenantBillingCard({ tenantId }: { tenantId: string }) {
  const billing = useQuery(staffBillingGetBillingOptions({ path: { tenant_id: tenantId } }))
  return (
    <Loaded query={billing} skeleton={<Skeleton className="h-64" />}>
      {(found) => <Filled tenantId={tenantId} billing={found} />}
    </Loaded>
  )
}

function Filled({ tenantId, billing }: { tenantId: string; billing: TenantBillingOut }) {
  const { t } = useTranslation('staff')
  const { t: words } = useTranslation('billing')
  const [isOpen, setIsOpen] = useState(false)
  return (
    <Card>
      <CardHeader
        title={
          <span className="flex flex-wrap items-center gap-2">
            {t('billing.title')}
            <Badge tone={STANDING_TONES[billing.standing]}>{words(`standing.${billing.standing}`)}</Badge>
          </span>
        }
        actions={!isOpen && <Button onClick={() => setIsOpen(true)}>{t('billing.change')}</Button>}
      />
      <CardBody>
        {isOpen ? (
          <LimitsByHandForm tenantId={tenantId} billing={billing} onClose={() => setIsOpen(false)} />
        ) : (
          <Facts billing={billing} />
        )}
      </CardBody>
    </Card>
  )
}

function Facts({ billing }: { billing: TenantBillingOut }) {
  const { t } = useTranslation('staff')
  const { t: words } = useTranslation('billing')
  const format = useFormat()
  const dates = [
    [t('billing.plan'), billing.plan_code ?? t('billing.unlisted')],
    [words('trialUntil'), billing.standing === 'trialing' ? billing.trial_ends_at : null],
    [words('paidUntil'), billing.standing === 'active' ? billing.period_ends_at : null],
    [words('endsAt'), billing.cancels_at],
    [t('billing.unpaidSince'), billing.unpaid_since_at],
    [t('billing.pausedSince'), billing.sales_paused_at],
    [t('billing.customer'), billing.stripe_customer_id],
  ] as const
  return (
    <Definitions
      rows={[
        ...dates
          .filter(([, value]) => value !== null)
          .map(([label, value]): [string, React.ReactNode] => [
            label,
            value !== null && /^\d{4}-\d\d-\d\dT/.test(value) ? (
              <Moment key={label} at={value} as="date" />
            ) : (
              value
            ),
          ]),
        ...billing.uses.map(({ of, used, limit }): [string, React.ReactNode] => [
          words(`of.${of}`),
          <span key={of} className="tabular-nums">
            {format.number(used)} / {limit === null ? words('noLimit') : format.number(limit)}
            {of in billing.by_hand && <span className="text-muted-foreground"> · {t('billing.byHand')}</span>}
          </span>,
        ]),
      ]}
    />
  )
}
