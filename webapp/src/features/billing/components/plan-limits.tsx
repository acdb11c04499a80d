import { useTranslation } from 'react-i18next'
import type { PlatformPlanOut } from '@/api'
import { cn } from '@/lib/cn'
import { useFormat } from '@/lib/use-format'
import { LIMITS } from '../limits'

/** What a plan of the platform lets a tenant have. */
export function PlanLimits({ plan, className }: { plan: PlatformPlanOut; className?: string }) {
  const { t } = useTranslation('billing')
  const format = useFormat()
  return (
    <ul className={cn('text-muted-foreground', className)}>
      {LIMITS.map((limit) => (
        <li key={limit}>
          {t(`of.${limit}`)}: {plan[limit] === null ? t('noLimit') : format.number(plan[limit])}
        </li>
      ))}
    </ul>
  )
}
