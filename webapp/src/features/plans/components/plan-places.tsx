import { useTranslation } from 'react-i18next'
import type { PlanOut } from '@/api'

/** How many places of a plan are left; more people than places is said, since late money is honoured. */
export function PlanPlaces({ plan }: { plan: PlanOut }) {
  const { t } = useTranslation('plans')
  if (plan.capacity === null || plan.places_taken === null)
    return <span className="text-muted-foreground">–</span>
  const left = plan.capacity - plan.places_taken
  if (left < 0)
    return (
      <span className="text-warning">
        {t('places.over', { taken: plan.places_taken, of: plan.capacity })}
      </span>
    )
  return <span className="whitespace-nowrap">{t('places.left', { left, of: plan.capacity })}</span>
}
