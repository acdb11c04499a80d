import type { ImportOut, ImportOutcome, ImportStatus } from '@/api'
import type { Tone } from '@/components/ui/badge'

export const TONES: Record<ImportStatus, Tone> = {
  checked: 'neutral',
  running: 'info',
  done: 'success',
  stopped: 'neutral',
}

/** In the order in which the report shows them. */
export const OUTCOMES = [
  'created',
  'extended',
  'claim',
  'claimed',
  'held',
  'already',
  'repeated',
  'wrong',
] as const

export const OUTCOME_TONES: Record<ImportOutcome, Tone> = {
  created: 'success',
  extended: 'success',
  claim: 'info',
  claimed: 'success',
  held: 'warning',
  already: 'neutral',
  repeated: 'warning',
  wrong: 'danger',
}

/** To how many people starting gives something. */
export function countPeople({ outcomes }: Pick<ImportOut, 'outcomes'>): number {
  return outcomes.created + outcomes.extended + outcomes.claim
}

/** Whether starting may do anything: for whom there was no room, there may be some by now. */
export function hasWork(found: Pick<ImportOut, 'outcomes'>): boolean {
  return countPeople(found) + found.outcomes.held > 0
}

export function reportOf({ id }: Pick<ImportOut, 'id'>, tenantId: string): string {
  return `/api/v1/tenants/${tenantId}/imports/${id}/report`
}
