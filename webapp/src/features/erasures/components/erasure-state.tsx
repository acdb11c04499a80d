import { useTranslation } from 'react-i18next'
import type { ErasureOut } from '@/api'
import { Badge } from '@/components/ui/badge'
import { Moment } from '@/components/ui/moment'

/** Whether the person was forgotten; until then what is waited for, and until when at the longest. */
export function ErasureState({ erasure }: { erasure: ErasureOut }) {
  const { t } = useTranslation('erasures')
  const { erased_at, waits_for, due_at } = erasure
  if (erased_at !== null)
    return (
      <>
        <Badge tone="neutral">{t('states.done')}</Badge>
        <span className="mt-0.5 block text-xs text-muted-foreground">
          <Moment at={erased_at} as="time" />
          {waits_for !== null && <span className="block">{t(`left.${waits_for}`)}</span>}
        </span>
      </>
    )
  return (
    <>
      <Badge tone="warning">{t('states.open')}</Badge>
      <span className="mt-0.5 block text-xs text-muted-foreground">
        {waits_for === null ? t('soon') : t(`waitsFor.${waits_for}`)}
        <span className="block">
          {t('due')} <Moment at={due_at} as="date" />
        </span>
      </span>
    </>
  )
}
