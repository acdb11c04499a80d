/** What the list of payments keeps in the URL, and what it asks the API for. */
import type { PaymentsListData } from '@/api'
import { listParams } from '@/components/data-table/list-state'
import { dayRange } from '@/lib/days'
import { type UrlState, day, flag, id, oneOf, text } from '@/lib/url-state'
import { DELIVERY_STATES, METHODS, RECEIPT_STATES, STATUSES } from './states'

export const listSchema = {
  ...listParams,
  sort: oneOf(['newest', 'oldest'], 'newest'),
  search: text(),
  status: oneOf(STATUSES),
  delivery: oneOf(DELIVERY_STATES),
  method: oneOf(METHODS),
  provider: oneOf(['yookassa', 'stars', 'free', 'manual', 'import', 'gift']),
  plan: id(),
  user: id(),
  promo: id(),
  test: flag(),
  receipt: oneOf(RECEIPT_STATES),
  from: day(),
  until: day(),
}

export type ListUrl = UrlState<typeof listSchema>

export function filtersOf(value: ListUrl['value'], timeZone: string): NonNullable<PaymentsListData['query']> {
  const { from, until } = dayRange({ from: value.from, until: value.until }, timeZone)
  return {
    search: value.search || null,
    status: value.status ?? null,
    delivery_state: value.delivery === undefined ? null : [value.delivery],
    method: value.method ?? null,
    provider: value.provider ?? null,
    plan_id: value.plan ?? null,
    user_id: value.user ?? null,
    promo_code_id: value.promo ?? null,
    is_test: value.test ?? null,
    receipt_state: value.receipt ?? null,
    created_from: from ?? null,
    created_until: until ?? null,
  }
}
