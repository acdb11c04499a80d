import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { MoneyOut } from '@/api'
import { isMidnight } from './days'
import * as format from './format'
import { useMaybeTenant } from './tenancy'

/** Formats bound to the language and, on a tenant's pages, to the tenant's time zone. */
export function useFormat() {
  const { i18n } = useTranslation()
  const locale = format.toLocale(i18n.resolvedLanguage ?? 'ru')
  const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const timeZone = useMaybeTenant()?.time_zone ?? ownZone
  return useMemo(
    () => ({
      locale,
      timeZone,
      money: (sum: MoneyOut) => format.formatMoney(sum, locale),
      number: (value: number) => format.formatNumber(value, locale),
      percent: (ratio: number) => format.formatPercent(ratio, locale),
      duration: (seconds: number) => format.formatDuration(seconds, locale),
      date: (iso: string) => format.formatDate(iso, locale, timeZone),
      /** Of an end, wherever only its day is shown. */
      lastDay: (iso: string) => format.formatLastDay(iso, locale, timeZone),
      /** An end with its time, which goes without saying where a whole day ends. */
      end: (iso: string) =>
        isMidnight(iso, timeZone)
          ? format.formatLastDay(iso, locale, timeZone)
          : format.formatDateTime(iso, locale, timeZone, timeZone !== ownZone),
      /** Names the zone to whoever lives in another one. */
      dateTime: (iso: string) => format.formatDateTime(iso, locale, timeZone, timeZone !== ownZone),
      exact: (iso: string) => format.formatDateTime(iso, locale, timeZone),
      relative: (iso: string) => format.formatRelative(iso, locale),
    }),
    [locale, timeZone, ownZone],
  )
}
