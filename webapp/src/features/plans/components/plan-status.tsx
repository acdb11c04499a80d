import { useTranslation } from 'react-i18next'
import type { PlanOut } from '@/api'
import { Badge } from '@/components/ui/badge'

const TONES = {
  archived: 'neutral',
  off: 'warning',
  over: 'warning',
  not_yet: 'info',
  sold_out: 'warning',
} as const

export function PlanStatus({ plan }: { plan: PlanOut }) {
  const { t } = useTranslation('plans')
  if (plan.sale_state !== 'on')
    return <Badge tone={TONES[plan.sale_state]}>{t(`status.${plan.sale_state}`)}</Badge>
  if (plan.access_code !== null) return <Badge tone="info">{t('status.coded')}</Badge>
  if (plan.is_hidden) return <Badge tone="info">{t('status.hidden')}</Badge>
  return <Badge tone="success">{t('status.on')}</Badge>
}
