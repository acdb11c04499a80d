import { listParams } from '@/components/data-table/list-state'
import { type UrlState, flag, id, text } from '@/lib/url-state'

/** What the list of promo codes keeps in the URL. */
export const listSchema = { ...listParams, search: text(), active: flag(), plan: id() }

export type ListUrl = UrlState<typeof listSchema>
