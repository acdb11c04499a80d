import { useTranslation } from 'react-i18next'
import type { GiftOut } from '@/api'
import { Badge } from '@/components/ui/badge'
import { useFormat } from '@/lib/use-format'
import { TONES } from '../states'

/** Where a gift is, and since or until when. */
export function GiftState({ gift }: { gift: GiftOut }) {
  const { t } = useTranslation('gifts')
  const format = useFormat()
  const { status, expires_at, opened_at, claimed_at, closed_at } = gift
  const at = status === 'waiting' ? expires_at : status === 'claimed' ? claimed_at : closed_at
  return (
    <div>
      <span className="inline-flex flex-wrap gap-1">
        <Badge tone={TONES[status]}>{t(`status.${status}`)}</Badge>
        {gift.is_test && <Badge tone="warning">{t('test')}</Badge>}
      </span>
      {at !== null && (
        <p className="mt-0.5 text-xs text-muted-foreground">
          {t(`at.${status}`, { at: format.dateTime(at) })}
        </p>
      )}
      {status === 'waiting' && opened_at !== null && (
        <p className="text-xs text-muted-foreground">{t('opened', { at: format.dateTime(opened_at) })}</p>
      )}
    </div>
  )
}
