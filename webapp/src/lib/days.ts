/** Calendar days of the tenant's time zone as moments for the API. */

/** The moment at which a day (`2026-11-25`) begins in a time zone. */
export function startOfDay(day: string, timeZone: string): string {
  return momentAt(day, '00:00', timeZone)
}

/** The moment at which clocks in a time zone show a time (`18:30`) of a day (`2026-11-25`). */
export function momentAt(day: string, time: string, timeZone: string): string {
  const asUtc = Date.parse(`${day}T${time}:00Z`)
  // Twice, since the offset at the guess may differ from the one at the answer on a day when clocks change.
  let moment = asUtc - offsetAt(asUtc, timeZone)
  moment = asUtc - offsetAt(moment, timeZone)
  return new Date(moment).toISOString()
}

export function addDays(day: string, count: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + count * 86_400_000).toISOString().slice(0, 10)
}

/** Which day it is now in a time zone. */
export function today(timeZone: string, now: number = Date.now()): string {
  return new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).format(now)
}

/** Whether a moment is a midnight in a time zone: an end there is the end of the day before, as people write it. */
export function isMidnight(iso: string, timeZone: string): boolean {
  const moment = Date.parse(iso)
  return Date.parse(startOfDay(today(timeZone, moment), timeZone)) === moment
}

/** What clocks in a time zone show at a moment, `18:30`. */
export function timeOfDay(timeZone: string, moment: number): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' }).format(moment)
}

/** What the API calls `…_from` and `…_until`: from the first day's start until the last day's end. */
export function dayRange(
  { from, until }: { from?: string | undefined; until?: string | undefined },
  timeZone: string,
): { from?: string; until?: string } {
  return {
    ...(from !== undefined && { from: startOfDay(from, timeZone) }),
    ...(until !== undefined && { until: startOfDay(addDays(until, 1), timeZone) }),
  }
}

function offsetAt(moment: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(moment)
  const read = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((part) => part.type === type)?.value)
  const local = Date.UTC(
    read('year'),
    read('month') - 1,
    read('day'),
    read('hour'),
    read('minute'),
    read('second'),
  )
  return local - Math.floor(moment / 1000) * 1000
}

/** Whether a moment has come. */
export function isOver(iso: string, now: number = Date.now()): boolean {
  return Date.parse(iso) <= now
}
