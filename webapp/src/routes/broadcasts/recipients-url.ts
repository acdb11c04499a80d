import { STATES } from '@/features/broadcasts/run'
import { oneOf, text } from '@/lib/url-state'

/** What the list of a broadcast's people keeps in the URL. */
export const recipientsSchema = { state: oneOf(STATES), after: text() }
