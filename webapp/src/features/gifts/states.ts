import type { GiftStatus } from '@/api'
import type { Tone } from '@/components/ui/badge'

export const STATUSES = [
  'waiting',
  'claimed',
  'expired',
  'revoked',
  'refunded',
] as const satisfies readonly GiftStatus[]

export const TONES: Record<GiftStatus, Tone> = {
  waiting: 'info',
  claimed: 'success',
  expired: 'warning',
  revoked: 'neutral',
  refunded: 'neutral',
}
