/** Whether a broadcast goes once, again and again, or by itself, and how long after what happened. */
import type { BroadcastOut } from '@/api'

export const REPEATS = ['daily', 'weekly', 'monthly'] as const
export const TRIGGERS = ['welcome', 'unfinished_purchase', 'expired'] as const
export const OCCASIONS = ['once', ...REPEATS, ...TRIGGERS] as const
export const DELAY_UNITS = ['minutes', 'hours', 'days'] as const
const MINUTES_OF = { minutes: 1, hours: 60, days: 1440 }
export const MAX_DELAY_MINUTES = 129_600

export type Occasion = (typeof OCCASIONS)[number]

export interface Delay {
  delay: number
  delay_unit: (typeof DELAY_UNITS)[number]
}

/** It goes to each person when something happens, not to everybody at one time. */
export function isByItself({ occasion }: { occasion: Occasion }): boolean {
  return TRIGGERS.some((one) => one === occasion)
}

export function minutesOf({ delay, delay_unit }: Delay): number {
  return delay * MINUTES_OF[delay_unit]
}

export function occasionOf({ repeats, trigger }: Pick<BroadcastOut, 'repeats' | 'trigger'>): Occasion {
  return repeats ?? trigger ?? 'once'
}

/** A delay in the largest unit in which it is a whole number. */
export function delayOf(minutes: number): Delay {
  const delay_unit =
    [...DELAY_UNITS].reverse().find((unit) => minutes > 0 && minutes % MINUTES_OF[unit] === 0) ?? 'minutes'
  return { delay: minutes / MINUTES_OF[delay_unit], delay_unit }
}
