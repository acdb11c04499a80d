import { integer, text } from '@/lib/url-state'

/** Every list's part of the URL: `{ ...listParams, status: oneOf([…]) }`. */
export const listParams = { page: integer(1), size: integer(25, { max: 200 }), sort: text('') }
