import { ChevronDown } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import { subscriptionsGetOptions } from '@/api/@tanstack/react-query.gen'
import { Loaded } from '@/components/ui/loaded'
import { Skeleton } from '@/components/ui/skeleton'
import { cn } from '@/lib/cn'
import { useTenantQuery } from '@/lib/requests'
import { useTenantPath } from '@/lib/tenancy'
import { useFormat } from '@/lib/use-format'

/** What was paid for, asked for when it is opened. */
export function SubscriptionPeriods({ subscriptionId }: { subscriptionId: string }) {
  const { t } = useTranslation('subscribers')
  const format = useFormat()
  const path = useTenantPath()
  const [isOpen, setIsOpen] = useState(false)
  const details = useTenantQuery(
    (tenant) => subscriptionsGetOptions({ path: { ...tenant, subscription_id: subscriptionId } }),
    { enabled: isOpen },
  )
  return (
    <div>
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setIsOpen(!isOpen)}
        className="inline-flex items-center gap-1 rounded-sm text-muted-foreground hover:text-foreground"
      >
        {t('periods.title')}
        <ChevronDown className={cn('size-4 transition-transform', isOpen && 'rotate-180')} aria-hidden />
      </button>
      {isOpen && (
        <div className="mt-2">
          <Loaded query={details} skeleton={<Skeleton className="h-9" />}>
            {({ periods }) => (
              <ol className="divide-y rounded-md border">
                {periods.map((period) => (
                  <li
                    key={period.payment_id + period.starts_at}
                    className="flex flex-wrap justify-between gap-x-4 gap-y-1 px-3 py-2"
                  >
                    <span className="tabular-nums">
                      {format.date(period.starts_at)} –{' '}
                      {period.ends_at === null ? t('access.forEver') : format.lastDay(period.ends_at)}
                    </span>
                    <Link className="text-info hover:underline" to={path(`/payments/${period.payment_id}`)}>
                      {t('periods.payment')}
                    </Link>
                  </li>
                ))}
              </ol>
            )}
          </Loaded>
        </div>
      )}
    </div>
  )
}
