/** The filters of the list as a query of the API, for what keeps them: a broadcast says by one whom it is for. */
import type { MovementKind, UserState } from '@/api'
import { addDays, today } from '@/lib/days'
import { toQueryString } from '@/lib/query-string'
import {
  type Filters,
  LOCALES,
  type ListUrl,
  MOVEMENTS,
  STATES,
  STATUSES,
  filtersOf,
  listSchema,
} from './list-url'

type Value = ListUrl['value']

const NOTHING = Object.fromEntries(
  Object.entries(listSchema).map(([name, param]) => [name, param.read(null)]),
) as Value

type Name = Exclude<keyof Filters, 'page' | 'size' | 'sort'>

/** Whatever the API narrows people by, and what shows it here: a filter that is new there stands here too. */
const SHOWN_BY: Record<Name, keyof Value> = {
  bot_id: 'bot', plan_id: 'plan', channel_id: 'channel', subscription_status: 'status', state: 'state',
  expiring_within_days: 'expiring', tag: 'tag', source: 'source', has_source: 'sourced', locale: 'locale',
  is_whitelisted: 'free', has_blocked_bot: 'blocked', has_started_bot: 'started', is_inside: 'inside', search: 'search',
  created_from: 'came_from', created_until: 'came_until', movement: 'movement', moved_from: 'from',
  moved_until: 'until', is_test: 'test',
} // prettier-ignore
export const STORED = Object.keys(SHOWN_BY) as Name[]

export function readStored(query: string, timeZone: string): Value {
  const given = new URLSearchParams(query)
  const text = (name: Name) => given.get(name) ?? ''
  const flag = (name: Name) => (given.has(name) ? given.get(name) === 'true' : undefined)
  const one = <Choice extends string>(choices: readonly Choice[], name: Name) =>
    choices.find((choice) => choice === given.get(name))
  const day = (name: Name) => (given.has(name) ? today(timeZone, Date.parse(text(name))) : undefined)
  // The list's last day is one of them; the API's moment is the end of it.
  const lastDay = (name: Name) => {
    const after = day(name)
    return after === undefined ? undefined : addDays(after, -1)
  }
  return {
    ...NOTHING,
    search: text('search'),
    state: one<UserState>(STATES, 'state') as Value['state'],
    plan: given.get('plan_id') ?? undefined,
    channel: given.get('channel_id') ?? undefined,
    tag: text('tag'),
    source: text('source'),
    sourced: flag('has_source'),
    locale: one(LOCALES, 'locale'),
    expiring: listSchema.expiring.read(given.get('expiring_within_days')),
    status: one(STATUSES, 'subscription_status'),
    bot: given.get('bot_id') ?? undefined,
    blocked: flag('has_blocked_bot'),
    started: flag('has_started_bot'),
    inside: flag('is_inside'),
    free: flag('is_whitelisted'),
    movement: one<MovementKind>(MOVEMENTS, 'movement') as Value['movement'],
    came_from: day('created_from'),
    came_until: lastDay('created_until'),
    from: day('moved_from'),
    until: lastDay('moved_until'),
    test: flag('is_test'),
  }
}

/** The query with other filters of the list in it. */
export function writeStored(query: string, value: Value, timeZone: string): string {
  const kept = new URLSearchParams(query)
  STORED.forEach((name) => kept.delete(name))
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
