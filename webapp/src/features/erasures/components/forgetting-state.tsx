import { useTranslation } from 'react-i18next'
import type { ForgettingRuleOut } from '@/api'
import { Notice } from '@/components/ui/notice'
import { useFormat } from '@/lib/use-format'

/** Whether anybody is forgotten now, or from when on. */
export function ForgettingState({ rule: { months, starts_at, began_at } }: { rule: ForgettingRuleOut }) {
  const { t } = useTranslation('erasures')
  const format = useFormat()
  if (months === null || starts_at === null) return <p>{t('rule.off')}</p>
  const term = t(`rule.months.${String(months) as '6'}`)
  if (began_at !== null) return <Notice tone="info">{t('rule.runs', { term })}</Notice>
  return (
    <Notice tone="warning" title={t('rule.waitsTitle', { when: format.dateTime(starts_at) })}>
      {t('rule.waitsText', { term })}
    </Notice>
  )
}
