import { useMemo } from 'react'
import type { Bucket } from '@/api'
import { minorDigits } from '@/lib/format'
import { useFormat } from '@/lib/use-format'

interface Span {
  first_day: string
  last_day: string
}

/** How days, buckets and sums are written beside figures. */
export function useLabels() {
  const { locale, money, date } = useFormat()
  return useMemo(() => {
    const write = (options: Intl.DateTimeFormatOptions) =>
      new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' })
    const short = write({ day: 'numeric', month: 'short' })
    const long = write({ day: 'numeric', month: 'short', year: 'numeric' })
    const month = write({ month: 'short', year: 'numeric' })
    const compact = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 })
    return {
      date,
      day: (day: string) => long.format(new Date(day)),
      month: (day: string) => month.format(new Date(day)),
      /** `1–30 Nov 2026` */
      span: ({ first_day, last_day }: Span) =>
        first_day === last_day
          ? long.format(new Date(first_day))
          : long.formatRange(new Date(first_day), new Date(last_day)),
      /** The same without years: `1–30 Nov`. */
      days: ({ first_day, last_day }: Span) => short.formatRange(new Date(first_day), new Date(last_day)),
      /** Labels of a series; the year stands in them where they would repeat otherwise. */
      points: (parts: readonly Span[], bucket: Bucket) => {
        const years = new Set(
          parts.flatMap((part) => [part.first_day.slice(0, 4), part.last_day.slice(0, 4)]),
        )
        const ofDay = years.size > 1 ? long : short
        return parts.map((part) => {
          if (bucket === 'month') return month.format(new Date(part.first_day))
          if (part.first_day === part.last_day) return ofDay.format(new Date(part.first_day))
          return ofDay.formatRange(new Date(part.first_day), new Date(part.last_day))
        })
      },
      money: (currency: string) => (amount_minor: number) => money({ amount_minor, currency }),
      moneyAxis: (currency: string) => (minor: number) => compact.format(minor / 10 ** minorDigits(currency)),
      count: (value: number) => compact.format(value),
    }
  }, [locale, money, date])
}
