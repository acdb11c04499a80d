import { useTranslation } from 'react-i18next'
import type { PlanOut } from '@/api'
import { Badge } from '@/components/ui/badge'

/** What is special about a plan: whom it is for, that it is a trial, or renews by itself. Nothing for most of them. */
export function PlanKinds({ plan }: { plan: PlanOut }) {
  const { t } = useTranslation('plans')
  if (!plan.is_trial && !plan.is_recurring && plan.audience === 'everyone') return null
  return (
    <span className="flex flex-wrap gap-1">
      {plan.is_trial && <Badge>{t('kinds.trial')}</Badge>}
      {plan.is_recurring && <Badge>{t('kinds.recurring')}</Badge>}
      {plan.audience !== 'everyone' && <Badge>{t(`audiences.${plan.audience}`)}</Badge>}
    </span>
  )
}
