import type { BroadcastOut } from '@/api'
import { addDays } from '@/lib/days'

type Hours = Pick<BroadcastOut, 'from_hour' | 'until_hour'>

/** Whether people are written to at a time of the tenant's day, `18:30`. */
export function isOpenAt({ from_hour, until_hour }: Hours, time: string): boolean {
  const hour = Number(time.slice(0, 2))
  return from_hour <= hour && hour < until_hour
}

interface DayTime {
  /** `2026-11-25` */
  day: string
  /** `18:30` */
  time: string
}

/** A time of the tenant's day if people are written to then, or else when they are next. */
export function nextOpen(hours: Hours, at: DayTime): DayTime {
  if (isOpenAt(hours, at.time)) return at
  const isEarly = Number(at.time.slice(0, 2)) < hours.from_hour
  return { day: isEarly ? at.day : addDays(at.day, 1), time: clock(hours.from_hour) }
}

export function isAlways({ from_hour, until_hour }: Hours): boolean {
  return from_hour === 0 && until_hour === 24
}

/** `09:00` */
export function clock(hour: number): string {
  return `${String(hour).padStart(2, '0')}:00`
}
