/** Where a broadcast is in its life, and what can be done about it there: as the server decides it. */
import type { BroadcastOut, BroadcastStatus, RecipientState } from '@/api'
import type { Tone } from '@/components/ui/badge'

export const STATUSES = ['draft', 'scheduled', 'running', 'paused', 'finished', 'stopped'] as const

export const TONES: Record<BroadcastStatus, Tone> = {
  draft: 'neutral',
  scheduled: 'info',
  running: 'info',
  paused: 'warning',
  finished: 'success',
  stopped: 'neutral',
}

/** In the order in which they are offered. */
export const STATES = ['sent', 'waiting', 'failed', 'uncertain', 'blocked', 'skipped'] as const

export const STATE_TONES: Record<RecipientState, Tone> = {
  waiting: 'neutral',
  claimed: 'info',
  sent: 'success',
  failed: 'danger',
  uncertain: 'warning',
  blocked: 'neutral',
  skipped: 'neutral',
}

type Standing = Pick<BroadcastOut, 'status' | 'started_at'>

export function hasStarted({ started_at }: Standing): boolean {
  return started_at !== null
}

/** It goes by itself to whoever's time comes: between two of them too, and at night. */
export function isOn(found: Standing & Pick<BroadcastOut, 'trigger'>): boolean {
  return found.trigger !== null && (found.status === 'running' || isAsleep(found))
}

/** It began, and waits for the next hour in which people are written to. */
export function isAsleep(found: Standing): boolean {
  return hasStarted(found) && found.status === 'scheduled'
}

export function canPause(found: Standing): boolean {
  return hasStarted(found) && (found.status === 'running' || found.status === 'scheduled')
}

export function canStop(found: Standing): boolean {
  return canPause(found) || found.status === 'paused'
}

/** Whoever of a broadcast's people can be written to again: not while it waits for its hours, nor once one that goes by itself was stopped. */
export function canWriteAgain(
  { status, trigger }: Pick<BroadcastOut, 'status' | 'trigger'>,
  state: RecipientState,
): boolean {
  if (status === 'scheduled' || (status === 'stopped' && trigger !== null)) return false
  return state === 'failed' || state === 'uncertain'
}

/** How many of its people a broadcast has dealt with; nothing before its audience is written down. */
export function doneOf({ total_count, left_count }: Pick<BroadcastOut, 'total_count' | 'left_count'>) {
  return total_count === null ? null : total_count - (left_count ?? total_count)
}
