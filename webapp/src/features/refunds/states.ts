import type { RefundStatus } from '@/api'
import type { Tone } from '@/components/ui/badge'

export const REFUND_TONES: Record<RefundStatus, Tone> = {
  created: 'info',
  pending: 'info',
  succeeded: 'success',
  canceled: 'neutral',
  quarantined: 'danger',
}

/** On its way: what the list shows of it changes by itself. */
export function isOpen(status: RefundStatus): boolean {
  return status === 'created' || status === 'pending'
}
