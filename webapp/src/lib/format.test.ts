import { expect, test } from 'vitest'
import {
  formatDateTime,
  formatDuration,
  formatLastDay,
  formatMoney,
  formatRelative,
  parseMoney,
} from './format'

const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ')

test.each([
  [99_000, 'RUB', 'ru-RU', '990 ₽'],
  [99_050, 'RUB', 'ru-RU', '990,50 ₽'],
  [123_456_700, 'RUB', 'en-GB', '₽1,234,567'],
  [500, 'JPY', 'en-GB', '¥500'],
  [1, 'USD', 'en-GB', '$0.01'],
  [-250, 'USD', 'en-GB', '-$2.50'],
  [75, 'XTR', 'ru-RU', '75 ★'],
  [900_719_925_474_099_1, 'RUB', 'en-GB', '₽90,071,992,547,409.91'],
])('%i minor units of %s in %s are written %s', (amount_minor, currency, locale, text) => {
  expect(plain(formatMoney({ amount_minor, currency }, locale))).toBe(text)
})

test.each([
  ['990', 'RUB', 99_000],
  ['1 990,5', 'RUB', 199_050],
  ['1 990.05', 'RUB', 199_005],
  ['0,01', 'RUB', 1],
  ['12.345', 'RUB', undefined],
  ['12,5', 'JPY', undefined],
  ['-5', 'RUB', undefined],
  ['1e3', 'RUB', undefined],
  ['', 'RUB', undefined],
  ['99999999999999999', 'RUB', undefined],
])('typed %j in %s is read as %s', (text, currency, minor) => {
  expect(parseMoney(text, currency)).toBe(minor)
})

test.each([
  [-30, 'ru-RU', 'сейчас'],
  [-50, 'ru-RU', '50 секунд назад'],
  [-7200, 'ru-RU', '2 часа назад'],
  [3 * 86_400, 'en-GB', 'in 3 days'],
  [-86_400, 'en-GB', 'yesterday'],
  [13 * 86_400, 'en-GB', 'in 13 days'],
  [37 * 86_400, 'ru-RU', 'через 5 недель'],
  [70 * 86_400, 'ru-RU', 'через 2 месяца'],
])('%i seconds from now is said in %s as %s', (seconds, locale, text) => {
  const now = Date.parse('2026-11-25T12:00:00Z')
  expect(formatRelative(new Date(now + seconds * 1000).toISOString(), locale, now)).toBe(text)
})

test.each([
  ['Europe/Moscow', 'ru-RU', 'МСК'],
  ['Europe/Moscow', 'en-GB', 'MSK'],
  ['Asia/Yekaterinburg', 'ru-RU', 'UTC+5'],
])('a moment of %s in %s names its zone as the bot does', (timeZone, locale, zone) => {
  expect(formatDateTime('2026-11-25T12:00:00Z', locale, timeZone)).toMatch(
    new RegExp(`${zone.replace('+', '\\+')}$`),
  )
})

test.each([
  ['2026-12-31T21:00:00Z', 'Europe/Moscow', '31 Dec 2026'],
  ['2026-12-31T21:00:01Z', 'Europe/Moscow', '1 Jan 2027'],
  ['2026-12-31T20:59:00Z', 'Europe/Moscow', '31 Dec 2026'],
  ['2026-12-31T21:00:00Z', 'UTC', '31 Dec 2026'],
  ['2027-01-01T00:00:00Z', 'UTC', '31 Dec 2026'],
  // The clocks changed in the night before: that day began an hour off.
  ['2026-03-29T22:00:00Z', 'Europe/Berlin', '29 Mar 2026'],
  ['2026-03-28T23:00:00Z', 'Europe/Berlin', '28 Mar 2026'],
])('the last day before %s in %s is %s', (iso, timeZone, day) => {
  expect(formatLastDay(iso, 'en-GB', timeZone)).toBe(day)
})

test.each([
  [1, 'en-GB', '1 sec'],
  [45, 'ru-RU', '45 с'],
  [61, 'ru-RU', '2 мин'],
  [3600, 'en-GB', '1 hr'],
  [7500, 'ru-RU', '2 ч 5 мин'],
])('%i seconds in %s take %s', (seconds, locale, text) => {
  expect(plain(formatDuration(seconds, locale))).toBe(text)
})
