import type { ImportOut, ImportOutcome, ImportStatus } from '@/api'
import type { Tone } from '@/components/ui/badge'

export const TONES: Record<ImportStatus, Tone> = {
  checked: 'neutral',
  running: 'info',
  done: 'success',
  stopped: 'neutral',
}

/** In the order in which the report shows them. */
export const OUTCOMES = ['created', 'extended', 'claim', 'claimed', 'already', 'repeated', 'wrong'] as const

export const OUTCOME_TONES: Record<ImportOutcome, Tone> = {
  created: 'success',
  extended: 'success',
  claim: 'info',
  claimed: 'success',
  already: 'neutral',
  repeated: 'warning',
  wrong: 'danger',
}

/** Whether starting would do anything. */
export function hasWork({ outcomes }: Pick<ImportOut, 'outcomes'>): boolean {
  return outcomes.created + outcomes.extended + outcomes.claim > 0
}

export function reportOf({ id }: Pick<ImportOut, 'id'>, tenantId: string): string {
  return `/api/v1/tenants/${tenantId}/imports/${id}/report`
}
