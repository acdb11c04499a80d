/** What a log of events can be narrowed to, and how that stands in the URL. */
import { dayRange } from '@/lib/days'
import { day, id, oneOf, text } from '@/lib/url-state'

export const KINDS = ['admin', 'staff', 'user', 'system', 'operator', 'api_key'] as const
export type ActorKind = (typeof KINDS)[number]

export const NOUNS = [
  'tenant', 'member', 'invitation', 'bot', 'bot_message', 'shop', 'channel', 'plan', 'promo_code', 'user', 'subscription',
  'payment', 'refund', 'export', 'test_drive', 'job', 'update', 'impersonation', 'staff', 'api_key',
  'webhook_endpoint',
] as const // prettier-ignore

export const eventParams = {
  kind: oneOf(KINDS),
  actor: id(),
  action: text(),
  subject: id(),
  from: day(),
  until: day(),
  after: text(),
}

export interface EventFilters {
  kind: ActorKind | undefined
  actor: string | undefined
  action: string
  subject: string | undefined
  from: string | undefined
  until: string | undefined
  after: string
}

const ACTION = /^[a-z0-9_]{1,40}\.[a-z0-9_]{0,20}$/

/** The filters as the API takes them. */
export function eventQuery(filters: EventFilters, timeZone: string) {
  const period = dayRange(filters, timeZone)
  return {
    actor_kind: filters.kind ?? null,
    actor_id: filters.actor ?? null,
    action: ACTION.test(filters.action) ? filters.action : null,
    subject_id: filters.subject ?? null,
    created_from: period.from ?? null,
    created_until: period.until ?? null,
    after: filters.after || null,
    size: 50,
  }
}
