/** Money, numbers and moments as a person reads them. Sums are minor units and stay integers until they are shown. */
import type { MoneyOut } from '@/api'
import { isMidnight } from './days'

export type Language = 'ru' | 'en'
const LOCALES: Partial<Record<string, string>> & Record<Language, string> = { ru: 'ru-RU', en: 'en-GB' }
const cache = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>()

export function toLocale(language: string): string {
  return LOCALES[language] ?? LOCALES.ru
}

/** How many digits the minor unit has: 2 for RUB, 0 for JPY and Telegram Stars. */
export function minorDigits(currency: string): number {
  if (currency === 'XTR') return 0
  return (
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
  )
}

export function formatMoney({ amount_minor, currency }: MoneyOut, locale: string): string {
  const digits = minorDigits(currency)
  const isWhole = amount_minor % 10 ** digits === 0
  const shown = isWhole ? 0 : digits
  if (currency === 'XTR') return `${numberFormat(locale, {}).format(amount_minor)} ★`
  return numberFormat(locale, {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: shown,
    maximumFractionDigits: shown,
    // A decimal text keeps every digit, where a division could lose one.
  }).format(toDecimalText(amount_minor, digits) as Intl.StringNumericLiteral)
}

/** The sum as a person would type it, without a sign of the currency: `1990,50`. */
export function formatMoneyPlain(amountMinor: number, currency: string, locale: string): string {
  const digits = minorDigits(currency)
  const shown = amountMinor % 10 ** digits === 0 ? 0 : digits
  return numberFormat(locale, {
    minimumFractionDigits: shown,
    maximumFractionDigits: shown,
    useGrouping: false,
  }).format(toDecimalText(amountMinor, digits) as Intl.StringNumericLiteral)
}

/** Reads what a person typed: spaces, comma or point. Nothing when it is no sum, or finer than the minor unit. */
export function parseMoney(text: string, currency: string): number | undefined {
  const digits = minorDigits(currency)
  const match = /^(\d+)(?:[.,](\d*))?$/.exec(text.replace(/[\s  _]/g, ''))
  if (!match) return undefined
  const [, whole = '', fraction = ''] = match
  if (fraction.length > digits) return undefined
  const minor = Number(whole + fraction.padEnd(digits, '0'))
  return Number.isSafeInteger(minor) ? minor : undefined
}

export function formatNumber(value: number, locale: string): string {
  return numberFormat(locale, {}).format(value)
}

export function formatPercent(ratio: number, locale: string): string {
  return numberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }).format(ratio)
}

export function formatDate(iso: string, locale: string, timeZone: string): string {
  return dateFormat(locale, { day: 'numeric', month: 'short', year: 'numeric', timeZone }).format(
    new Date(iso),
  )
}

/** The last day before an end: whoever writes `31 December` means all of it, and it is over at the midnight after. */
export function formatLastDay(iso: string, locale: string, timeZone: string): string {
  const last = Date.parse(iso) - (isMidnight(iso, timeZone) ? 1 : 0)
  return formatDate(new Date(last).toISOString(), locale, timeZone)
}

/** The zone is named unless it goes without saying, in the words of the bot. */
export function formatDateTime(iso: string, locale: string, timeZone: string, hasZone = true): string {
  return dateFormat(locale, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone,
    ...(hasZone && { timeZoneName: 'short' as const }),
  })
    .format(new Date(iso))
    .replace(/GMT(?=[+-])/, 'UTC')
    .replace('UTC+3', timeZone === 'Europe/Moscow' ? (locale.startsWith('ru') ? 'МСК' : 'MSK') : 'UTC+3')
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
]

// A name says too little of what is not near: `next month` may be any of sixty days.
const NAMED = new Set(['second', 'day'])
/** So many of a unit at least, or a smaller one says it better: `in 13 days`, `in 5 weeks`. */
const LEAST = new Map<string, number>([
  ['week', 2],
  ['month', 2],
])

/** `5 minutes ago`, `in 3 days`, `in 5 weeks`; under 45 seconds it is now. */
export function formatRelative(iso: string, locale: string, now: number = Date.now()): string {
  const seconds = (Date.parse(iso) - now) / 1000
  if (Math.abs(seconds) < 45)
    return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(0, 'second')
  const [unit, size] = STEPS.find(
    ([name, length]) => Math.abs(seconds) >= length * (LEAST.get(name) ?? 1),
  ) ?? ['second', 1]
  const numeric = NAMED.has(unit) ? 'auto' : 'always'
  return new Intl.RelativeTimeFormat(locale, { numeric }).format(Math.trunc(seconds / size), unit)
}

/** How long something takes: `45 s`, `12 min`, `2 h 5 min`. */
export function formatDuration(seconds: number, locale: string): string {
  const unit = (value: number, name: string) =>
    numberFormat(locale, { style: 'unit', unit: name, unitDisplay: 'short' }).format(value)
  if (seconds < 60) return unit(seconds, 'second')
  const minutes = Math.ceil(seconds / 60)
  if (minutes < 60) return unit(minutes, 'minute')
  const rest = minutes % 60
  return [unit(Math.floor(minutes / 60), 'hour'), rest > 0 && unit(rest, 'minute')].filter(Boolean).join(' ')
}

function toDecimalText(amountMinor: number, digits: number): string {
  if (!digits) return String(amountMinor)
  const text = String(Math.abs(amountMinor)).padStart(digits + 1, '0')
  return `${amountMinor < 0 ? '-' : ''}${text.slice(0, -digits)}.${text.slice(-digits)}`
}

function numberFormat(locale: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `n${locale}${JSON.stringify(options)}`
  const known = cache.get(key) as Intl.NumberFormat | undefined
  if (known) return known
  const made = new Intl.NumberFormat(locale, options)
  cache.set(key, made)
  return made
}

function dateFormat(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `d${locale}${JSON.stringify(options)}`
  const known = cache.get(key) as Intl.DateTimeFormat | undefined
  if (known) return known
  const made = new Intl.DateTimeFormat(locale, options)
  cache.set(key, made)
  return made
}
