import { useTranslation } from 'react-i18next'
import type { PlanOut } from '@/api'
import { useFormat } from '@/lib/use-format'

export function PlanPeriod({
  plan,
}: {
  plan: Pick<PlanOut, 'period_unit' | 'period_count' | 'fixed_end_at'>
}) {
  const { t } = useTranslation('plans')
  const format = useFormat()
  if (plan.fixed_end_at !== null) return <>{t('periods.until', { at: format.lastDay(plan.fixed_end_at) })}</>
  if (plan.period_unit === 'until') return null
  return <>{t(`periods.${plan.period_unit}`, { count: plan.period_count })}</>
}
