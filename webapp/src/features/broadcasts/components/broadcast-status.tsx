import { useTranslation } from 'react-i18next'
import type { BroadcastOut } from '@/api'
import { Badge } from '@/components/ui/badge'
import { TONES, isAsleep } from '../run'

export function BroadcastStatus({ found }: { found: Pick<BroadcastOut, 'status' | 'started_at'> }) {
  const { t } = useTranslation('broadcasts')
  return (
    <Badge tone={TONES[found.status]}>
      {isAsleep(found) ? t('status.asleep') : t(`status.${found.status}`)}
    </Badge>
  )
}
