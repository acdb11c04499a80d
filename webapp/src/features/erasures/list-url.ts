/** What the list of erasures keeps in the URL. */
import { listParams } from '@/components/data-table/list-state'
import { type UrlState, oneOf } from '@/lib/url-state'

export const STATES = ['open', 'done'] as const
/** The person, one of the team, the journal after a restore, or the rule for people who are long gone. */
export const ASKED_BY = ['user', 'admin', 'operator', 'system'] as const

export const listSchema = { ...listParams, state: oneOf(STATES), asked: oneOf(ASKED_BY) }

export type ListUrl = UrlState<typeof listSchema>
