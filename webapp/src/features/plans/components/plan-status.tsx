import { useTranslation } from 'react-i18next'
import type { PlanOut } from '@/api'
import { Badge } from '@/components/ui/badge'

export function PlanStatus({ plan }: { plan: PlanOut }) {
  const { t } = useTranslation('plans')
  if (plan.archived_at !== null) return <Badge>{t('status.archived')}</Badge>
  if (!plan.is_on_sale) return <Badge tone="warning">{t('status.off')}</Badge>
  if (plan.is_hidden) return <Badge tone="info">{t('status.hidden')}</Badge>
  return <Badge tone="success">{t('status.on')}</Badge>
}
