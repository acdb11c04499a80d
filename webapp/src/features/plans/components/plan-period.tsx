import { useTranslation } from 'react-i18next'
import type { PlanOut } from '@/api'

export function PlanPeriod({ plan }: { plan: Pick<PlanOut, 'period_unit' | 'period_count'> }) {
  const { t } = useTranslation('plans')
  return <>{t(`periods.${plan.period_unit}`, { count: plan.period_count })}</>
}
