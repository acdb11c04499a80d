import { useTranslation } from 'react-i18next'
import type { BroadcastOut } from '@/api'
import { Badge } from '@/components/ui/badge'
import { TONES, isAsleep, isOn } from '../run'

interface BroadcastStatusProps {
  found: Pick<BroadcastOut, 'status' | 'started_at' | 'trigger'>
}

export function BroadcastStatus({ found }: BroadcastStatusProps) {
  const { t } = useTranslation('broadcasts')
  if (isOn(found)) return <Badge tone="success">{t('status.on')}</Badge>
  return (
    <Badge tone={TONES[found.status]}>
      {isAsleep(found) ? t('status.asleep') : t(`status.${found.status}`)}
    </Badge>
  )
}
