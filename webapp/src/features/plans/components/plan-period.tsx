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
  if (plan.fixed_end_at !== null) {
    // The last day: the moment itself belongs to the next one.
    const last = new Date(Date.parse(plan.fixed_end_at) - 1).toISOString()
    return <>{t('periods.until', { at: format.date(last) })}</>
  }
  if (plan.period_unit === 'until') return null
  return <>{t(`periods.${plan.period_unit}`, { count: plan.period_count })}</>
}
