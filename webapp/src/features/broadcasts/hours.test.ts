import { expect, test } from 'vitest'
import { nextOpen } from './hours'

test.each([
  ['within the hours', 9, 21, '2026-11-25', '18:45', '2026-11-25', '18:45'],
  ['before they begin', 9, 21, '2026-11-25', '03:00', '2026-11-25', '09:00'],
  ['as they end', 9, 21, '2026-11-25', '21:00', '2026-11-26', '09:00'],
  ['on the last evening of a month', 10, 20, '2026-11-30', '23:00', '2026-12-01', '10:00'],
  ['at any hour', 0, 24, '2026-11-25', '00:00', '2026-11-25', '00:00'],
])('%s, people are written to next at', (_, from_hour, until_hour, day, time, nextDay, nextTime) => {
  expect(nextOpen({ from_hour, until_hour }, { day, time })).toEqual({ day: nextDay, time: nextTime })
})
