import { expect, test } from 'vitest'
import { dayRange, startOfDay, today } from './days'

test.each([
  ['2026-11-25', 'Europe/Moscow', '2026-11-24T21:00:00.000Z'],
  ['2026-11-25', 'UTC', '2026-11-25T00:00:00.000Z'],
  ['2026-11-25', 'Asia/Kamchatka', '2026-11-24T12:00:00.000Z'],
  ['2026-03-29', 'Europe/Berlin', '2026-03-28T23:00:00.000Z'],
  ['2026-03-30', 'Europe/Berlin', '2026-03-29T22:00:00.000Z'],
  ['2026-10-25', 'Europe/Berlin', '2026-10-24T22:00:00.000Z'],
])('%s begins in %s at %s', (day, zone, moment) => {
  expect(startOfDay(day, zone)).toBe(moment)
})

test('a range includes its last day', () => {
  expect(dayRange({ from: '2026-11-01', until: '2026-11-30' }, 'Europe/Moscow')).toEqual({
    from: '2026-10-31T21:00:00.000Z',
    until: '2026-11-30T21:00:00.000Z',
  })
})

test('which day it is depends on the zone', () => {
  const late = Date.parse('2026-11-25T22:30:00Z')
  expect([today('UTC', late), today('Europe/Moscow', late)]).toEqual(['2026-11-25', '2026-11-26'])
})
