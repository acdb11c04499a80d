import { expect, test } from 'vitest'
import { addressOf, asListUrl, readStored, writeStored } from './stored-filters'

const ZONE = 'Europe/Moscow'
const PLAN = '00000000-0000-7000-8000-000000000005'

test.each([
  '',
  'state=active',
  `search=%D0%90%D0%BD%D0%BD%D0%B0&state=expired&plan_id=${PLAN}`,
  `tag=vip&source=vk&locale=ru&expiring_within_days=5&has_blocked_bot=false&is_inside=true&is_whitelisted=false`,
  'has_source=false',
  `has_started_bot=false&subscription_status=paused&bot_id=${PLAN}`,
  'created_from=2026-10-31T21%3A00%3A00.000Z&created_until=2026-11-30T21%3A00%3A00.000Z',
  'movement=lapsed&moved_from=2026-10-31T21%3A00%3A00.000Z&moved_until=2026-11-30T21%3A00%3A00.000Z&is_test=false',
])('what is stored is read and written back: %s', (query) => {
  const written = writeStored(query, readStored(query, ZONE), ZONE)
  expect(Object.fromEntries(new URLSearchParams(written))).toEqual(
    Object.fromEntries(new URLSearchParams(query)),
  )
})

test('a changed filter takes its place, and what the list has no filter for stays', () => {
  const changes: string[] = []
  const url = asListUrl('later_filter=1&has_started_bot=false', ZONE, (query) => changes.push(query))
  url.set({ started: undefined, state: 'expired', tag: 'vip' })
  url.reset()
  expect(changes).toEqual(['later_filter=1&state=expired&tag=vip', ''])
  expect(url.isFiltered).toBe(true)
})

test('the address of the list shows the same people', () => {
  const value = readStored(`plan_id=${PLAN}&has_blocked_bot=true&expiring_within_days=3`, ZONE)
  expect(addressOf(value)).toBe(`?plan=${PLAN}&expiring=3&blocked=yes`)
  expect(addressOf(readStored('', ZONE))).toBe('')
})
