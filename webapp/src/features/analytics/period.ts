/** Which days the figures are of: a usual period by its name, or any two days. */
import type { Bucket } from '@/api'
import { addDays } from '@/lib/days'
import { day, flag, oneOf } from '@/lib/url-state'

export const PERIODS = ['7d', '30d', '90d', '365d', 'month', 'last_month', 'custom'] as const
export type PeriodName = (typeof PERIODS)[number]
export const BUCKETS = ['day', 'week', 'month'] as const satisfies Bucket[]

/** What every page of figures keeps in the URL; `test` tells which payments: test or real ones. */
export const periodParams = {
  period: oneOf(PERIODS, '30d'),
  from: day(),
  until: day(),
  bucket: oneOf(BUCKETS),
  test: flag(),
}

export interface PeriodUrl {
  value: {
    period: PeriodName
    from: string | undefined
    until: string | undefined
    bucket: Bucket | undefined
    test: boolean | undefined
  }
  set: (changes: Partial<PeriodUrl['value']>) => void
}

export interface Days {
  first_day: string
  last_day: string
}

const LENGTHS: Partial<Record<PeriodName, number>> = { '7d': 7, '30d': 30, '90d': 90, '365d': 365 }

/** The days that the URL means; a whole month stays whole, so that it is compared with the month before. */
export function resolveDays({ period, from, until }: PeriodUrl['value'], today: string): Days {
  const length = LENGTHS[period]
  if (length !== undefined) return { first_day: addDays(today, 1 - length), last_day: today }
  if (period === 'month') return monthOf(today)
  if (period === 'last_month') return monthOf(addDays(monthOf(today).first_day, -1))
  const last = until ?? (from !== undefined && from > today ? from : today)
  return { first_day: from ?? addDays(last, -29), last_day: last }
}

/** As fine as can be read: about forty points at most. */
export function chooseBucket({ first_day, last_day }: Days): Bucket {
  const days = (Date.parse(last_day) - Date.parse(first_day)) / 86_400_000 + 1
  if (days <= 45) return 'day'
  return days <= 200 ? 'week' : 'month'
}

function monthOf(today: string): Days {
  const first = `${today.slice(0, 7)}-01`
  const next = `${addDays(first, 31).slice(0, 7)}-01`
  return { first_day: first, last_day: addDays(next, -1) }
}
