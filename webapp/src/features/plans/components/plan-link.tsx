import { useTranslation } from 'react-i18next'
import type { PlanOut } from '@/api'
import { Card } from '@/components/ui/card'
import { CopyButton } from '@/components/ui/copy-button'

export function PlanLink({ plan }: { plan: PlanOut }) {
  const { t } = useTranslation('plans')
  if (plan.archived_at !== null) return null
  return (
    <Card className="flex items-center gap-3 py-2 pr-2 pl-4" aria-label={t('link.label')}>
      <div className="min-w-0 flex-1">
        <p className="text-xs text-muted-foreground">{t('link.text')}</p>
        <p className="truncate font-mono text-xs">{plan.deep_link}</p>
      </div>
      <CopyButton value={plan.deep_link} label={t('link.copy')} isLabelShown />
    </Card>
  )
}
