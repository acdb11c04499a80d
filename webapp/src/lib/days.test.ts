import { expect, test } from 'vitest'
import { dayRange, momentAt, startOfDay, timeOfDay, today } from './days'

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

test.each([
  ['2026-12-01', '18:30', 'Europe/Moscow', '2026-12-01T15:30:00.000Z'],
  ['2026-12-01', '00:15', 'Asia/Kamchatka', '2026-11-30T12:15:00.000Z'],
  ['2026-03-29', '18:30', 'Europe/Berlin', '2026-03-29T16:30:00.000Z'],
  ['2026-10-25', '18:30', 'Europe/Berlin', '2026-10-25T17:30:00.000Z'],
])('%s %s in %s is %s, and the clocks there show it', (day, time, zone, moment) => {
  expect(momentAt(day, time, zone)).toBe(moment)
  expect(timeOfDay(zone, Date.parse(moment))).toBe(time)
})
