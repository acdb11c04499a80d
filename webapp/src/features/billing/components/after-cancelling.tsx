import { useTranslation } from 'react-i18next'
import type { BillingOut } from '@/api'
import { useFormat } from '@/lib/use-format'
import { LIMITS } from '../limits'

const LIVE: readonly BillingOut['standing'][] = ['trialing', 'active']

/** What is kept and what is limited once the subscription has ended; a debt has a notice of its own. */
export function AfterCancelling({ billing }: { billing: BillingOut }) {
  const { t } = useTranslation('billing')
  const format = useFormat()
  const { standing, cancels_at, plans } = billing
  const isOver = standing === 'canceled'
  if (!isOver && !LIVE.includes(standing)) return null
  const free = plans.find((plan) => plan.price.amount_minor === 0 && LIMITS.some((of) => plan[of] !== null))
  const title = isOver
    ? t('after.over')
    : cancels_at === null
      ? t('after.ifCancelled')
      : t('after.from', { at: format.date(cancels_at) })
  return (
    <section aria-label={title}>
      <h3 className="font-medium">{title}</h3>
      <ul className="mt-1 list-disc space-y-1 pl-5 text-muted-foreground">
        {!isOver && cancels_at === null && <li>{t('after.until')}</li>}
        <li>{t('after.kept')}</li>
        {/* A free plan without limits, or none at all, takes nothing away. */}
        {free && (
          <li>
            {t(isOver ? 'after.limits' : 'after.limitsThen', { plan: free.name })} {t('after.more')}
          </li>
        )}
      </ul>
    </section>
  )
}
