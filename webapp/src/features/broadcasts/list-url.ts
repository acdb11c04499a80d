import { listParams } from '@/components/data-table/list-state'
import { type UrlState, oneOf } from '@/lib/url-state'
import { STATUSES } from './run'

/** What the list of broadcasts keeps in the URL. */
export const listSchema = { ...listParams, status: oneOf(STATUSES) }

export type ListUrl = UrlState<typeof listSchema>
