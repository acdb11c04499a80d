/** The filters of the list as a query of the API, for what keeps them: a broadcast says by one whom it is for. */
import type { MovementKind, UserState } from '@/api'
import { addDays, today } from '@/lib/days'
import { toQueryString } from '@/lib/query-string'
import { EXPIRING, LOCALES, type ListUrl, MOVEMENTS, STATES, filtersOf, listSchema } from './list-url'

type Value = ListUrl['value']

const NOTHING = Object.fromEntries(
  Object.entries(listSchema).map(([name, param]) => [name, param.read(null)]),
) as Value

/** What the list asks the API by; whatever else stands in a query is left as it is. */
const OWN = [
  'search', 'state', 'plan_id', 'channel_id', 'tag', 'source', 'locale', 'expiring_within_days', 'has_blocked_bot', 'is_inside',
  'is_whitelisted', 'movement', 'moved_from', 'moved_until', 'is_test',
] // prettier-ignore

export function readStored(query: string, timeZone: string): Value {
  const given = new URLSearchParams(query)
  const text = (name: string) => given.get(name) ?? ''
  const flag = (name: string) => (given.has(name) ? given.get(name) === 'true' : undefined)
  const one = <Choice extends string>(choices: readonly Choice[], name: string) =>
    choices.find((choice) => choice === given.get(name))
  const day = (name: string) => (given.has(name) ? today(timeZone, Date.parse(text(name))) : undefined)
  const until = day('moved_until')
  return {
    ...NOTHING,
    search: text('search'),
    state: one<UserState>(STATES, 'state') as Value['state'],
    plan: given.get('plan_id') ?? undefined,
    channel: given.get('channel_id') ?? undefined,
    tag: text('tag'),
    source: text('source'),
    locale: one(LOCALES, 'locale'),
    expiring: one(EXPIRING, 'expiring_within_days'),
    blocked: flag('has_blocked_bot'),
    inside: flag('is_inside'),
    free: flag('is_whitelisted'),
    movement: one<MovementKind>(MOVEMENTS, 'movement') as Value['movement'],
    from: day('moved_from'),
    // The list's last day is one of them; the API's moment is the end of it.
    until: until === undefined ? undefined : addDays(until, -1),
    test: flag('is_test'),
  }
}

/** The query with other filters of the list in it. */
export function writeStored(query: string, value: Value, timeZone: string): string {
  const kept = new URLSearchParams(query)
  OWN.forEach((name) => kept.delete(name))
  return [kept.toString(), toQueryString(filtersOf(value, timeZone))].filter(Boolean).join('&')
}

/** The part of the list's own address that shows the people of a stored query. */
export function addressOf(value: Value): string {
  const address = new URLSearchParams()
  for (const [name, param] of Object.entries(listSchema)) {
    const written = (param as { write(of: unknown): string | undefined }).write(value[name as keyof Value])
    if (written !== undefined && written !== '') address.set(name, written)
  }
  const text = address.toString()
  return text === '' ? '' : `?${text}`
}

/** Filters that live in a stored query instead of the page's address, for `SubscribersFilters`. */
export function asListUrl(query: string, timeZone: string, onChange: (query: string) => void): ListUrl {
  const value = readStored(query, timeZone)
  return {
    value,
    set: (changes) => onChange(writeStored(query, { ...value, ...changes }, timeZone)),
    reset: () => onChange(''),
    isFiltered: query !== '',
  }
}
