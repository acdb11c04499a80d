import type { BroadcastOut } from '@/api'

type Hours = Pick<BroadcastOut, 'from_hour' | 'until_hour'>

/** Whether people are written to at a time of the tenant's day, `18:30`. */
export function isOpenAt({ from_hour, until_hour }: Hours, time: string): boolean {
  const hour = Number(time.slice(0, 2))
  return from_hour <= hour && hour < until_hour
}

export function isAlways({ from_hour, until_hour }: Hours): boolean {
  return from_hour === 0 && until_hour === 24
}

/** `09:00` */
export function clock(hour: number): string {
  return `${String(hour).padStart(2, '0')}:00`
}
