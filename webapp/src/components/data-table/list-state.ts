import { integer } from '@/lib/url-state'

/** Every list's part of the URL: `{ ...listParams, sort: oneOf(['newest', 'oldest'], 'newest'), … }`. */
export const listParams = { page: integer(1), size: integer(25, { max: 200 }) }
