import { useTranslation } from 'react-i18next'
import type { WebhookDeliveryOut } from '@/api'
import { Badge, type Tone } from '@/components/ui/badge'

const TONES: Record<WebhookDeliveryOut['status'] | 'retrying', Tone> = {
  waiting: 'info',
  retrying: 'warning',
  delivered: 'success',
  dead: 'danger',
}

type Standing = Pick<WebhookDeliveryOut, 'status' | 'attempts' | 'failure' | 'next_attempt_at'>

export function DeliveryBadge({ delivery }: { delivery: Standing }) {
  const { t } = useTranslation('api')
  const { status, attempts, failure, next_attempt_at } = delivery
  const hasFailed = attempts > 0 && failure !== '' && next_attempt_at !== null
  const shown = status === 'waiting' && hasFailed ? 'retrying' : status
  return <Badge tone={TONES[shown]}>{t(`deliveries.states.${shown}`)}</Badge>
}
