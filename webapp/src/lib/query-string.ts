type Filters = Partial<Record<string, string | number | boolean | readonly string[] | null | undefined>>

/** The list's filters as the API's own query string. */
export function toQueryString(filters: Filters): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(filters)) {
    if (value === null || value === undefined) continue
    if (typeof value === 'object') value.forEach((one) => query.append(name, one))
    else query.append(name, String(value))
  }
  return query.toString()
}
