/** What the list of subscribers keeps in the URL, and what it asks the API for. */
import type { MovementKind, SubscriptionStatus, UsersListData, UserSort } from '@/api'
import { listParams } from '@/components/data-table/list-state'
import { dayRange } from '@/lib/days'
import { type Param, type UrlState, day, flag, id, oneOf, text } from '@/lib/url-state'

export const STATES = ['active', 'paused', 'expired', 'never'] as const
const SORTS = [
  'newest',
  'oldest',
  'name',
  'name_descending',
  'ends_soonest',
  'ends_latest',
] as const satisfies readonly UserSort[]
/** Whom the dashboard's cards count. */
export const MOVEMENTS = ['began', 'lapsed', 'held', 'paying'] as const satisfies readonly MovementKind[]
/** In which the bot writes to them. */
export const LOCALES = ['ru', 'en'] as const
export const EXPIRING = ['1', '3', '7', '14', '30']
/** Of one subscription; the list itself offers `STATES` of people, and only shows this one. */
export const STATUSES = ['active', 'paused', 'expired'] as const satisfies readonly SubscriptionStatus[]

/** As many days as the API takes: a list that a program stored may ask for other ones than are offered. */
const withinDays: Param<string | undefined> = {
  read: (found) => (found && /^[1-9]\d{0,2}$/.test(found) && Number(found) <= 366 ? found : undefined),
  write: (value) => value,
}

export const listSchema = {
  ...listParams,
  sort: oneOf(SORTS, 'newest'),
  search: text(),
  state: oneOf(STATES),
  plan: id(),
  channel: id(),
  tag: text(),
  source: text(),
  sourced: flag(),
  locale: oneOf(LOCALES),
  expiring: withinDays,
  status: oneOf(STATUSES),
  bot: id(),
  blocked: flag(),
  started: flag(),
  inside: flag(),
  free: flag(),
  came_from: day(),
  came_until: day(),
  movement: oneOf(MOVEMENTS),
  from: day(),
  until: day(),
  test: flag(),
}

export type ListUrl = UrlState<typeof listSchema>

export type Filters = NonNullable<UsersListData['query']>

export function filtersOf(value: ListUrl['value'], timeZone: string): Filters {
  return {
    ...movementOf(value, timeZone),
    ...cameOf(value, timeZone),
    bot_id: value.bot ?? null,
    subscription_status: value.status ?? null,
    search: value.search || null,
    state: value.state ?? null,
    plan_id: value.plan ?? null,
    channel_id: value.channel ?? null,
    tag: value.tag || null,
    source: value.source || null,
    has_source: value.sourced ?? null,
    locale: value.locale ?? null,
    expiring_within_days: value.expiring === undefined ? null : Number(value.expiring),
    ...flagsOf(value),
  }
}

function flagsOf({ blocked, started, inside, free }: ListUrl['value']) {
  return {
    has_blocked_bot: blocked ?? null,
    has_started_bot: started ?? null,
    is_inside: inside ?? null,
    is_whitelisted: free ?? null,
  }
}

function cameOf({ came_from, came_until }: ListUrl['value'], timeZone: string): Filters {
  const { from, until } = dayRange({ from: came_from, until: came_until }, timeZone)
  return { created_from: from ?? null, created_until: until ?? null }
}

function movementOf(value: ListUrl['value'], timeZone: string): Filters {
  if (value.movement === undefined) return {}
  const { from, until } = dayRange(value, timeZone)
  return {
    movement: value.movement,
    moved_from: from ?? null,
    moved_until: until ?? null,
    is_test: value.test ?? false,
  }
}
