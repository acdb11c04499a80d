import { useTranslation } from 'react-i18next'
import type { PlanOut } from '@/api'
import { plansCountLeavingsOptions } from '@/api/@tanstack/react-query.gen'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { Loaded } from '@/components/ui/loaded'
import { Skeleton } from '@/components/ui/skeleton'
import { cn } from '@/lib/cn'
import { useTenantQuery } from '@/lib/requests'

const COLUMNS = ['count', 'offered', 'accepted', 'declined'] as const
/** A phone has no room for how many got an offer: nearly all did. */
const HIDDEN = 'max-sm:hidden'

/** Why people turned autopay of a plan off, and what became of the offers made to them. */
export function LeavingReasons({ plan }: { plan: PlanOut }) {
  const { t } = useTranslation('plans')
  const leavings = useTenantQuery((tenant) =>
    plansCountLeavingsOptions({ path: { ...tenant, plan_id: plan.id }, query: { days: 90 } }),
  )
  return (
    <Card>
      <CardHeader title={t('leaving.reasonsTitle')} />
      <CardBody className="space-y-4">
        <p className="text-muted-foreground">{t('leaving.reasonsText')}</p>
        <Loaded query={leavings} skeleton={<Skeleton className="h-24" />}>
          {({ items }) =>
            items.length ? (
              <table aria-label={t('leaving.reasonsTitle')} className="w-full text-sm">
                <thead>
                  <tr className="text-muted-foreground">
                    <th scope="col" className="py-1.5 text-left font-medium">
                      {t('leaving.columns.reason')}
                    </th>
                    {COLUMNS.map((name) => (
                      <th
                        key={name}
                        scope="col"
                        className={cn('py-1.5 pl-2 text-right font-medium', name === 'offered' && HIDDEN)}
                      >
                        {t(`leaving.columns.${name}`)}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {items.map((row) => (
                    <tr key={row.reason ?? 'none'} className="border-t">
                      <th scope="row" className="py-1.5 text-left font-normal">
                        {t(`leaving.reasons.${row.reason ?? 'none'}`)}
                      </th>
                      {COLUMNS.map((name) => (
                        <td
                          key={name}
                          className={cn('py-1.5 pl-2 text-right tabular-nums', name === 'offered' && HIDDEN)}
                        >
                          {row[name]}
                        </td>
                      ))}
                    </tr>
                  ))}
                </tbody>
              </table>
            ) : (
              <p className="text-muted-foreground">{t('leaving.nobody')}</p>
            )
          }
        </Loaded>
      </CardBody>
    </Card>
  )
}
