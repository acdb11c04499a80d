/** Where a card of the dashboard leads: the server names a list of the API and its filters, the portal has a page for it. */
import type { ListLinkOut } from '@/api'
import { SECTIONS } from '@/app/navigation'
import { today } from '@/lib/days'

/** Names that filters of the API have in the pages' addresses. */
const NAMES: Record<string, string> = {
  is_test: 'test',
  settled_from: 'from',
  settled_until: 'until',
  moved_from: 'from',
  moved_until: 'until',
}

/** Nothing where the portal has no page for the list. */
export function toListPath(link: ListLinkOut, timeZone: string): string | undefined {
  const section = SECTIONS.find(({ needs }) => needs === link.operation_id)
  if (!section) return undefined
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(link.query))
    params.set(NAMES[name] ?? name, writeValue(name, value, timeZone))
  return `${section.path}?${params.toString()}`
}

function writeValue(name: string, value: string, timeZone: string): string {
  if (name.endsWith('_from')) return today(timeZone, Date.parse(value))
  // The API's end is not included any more, a page's last day is.
  if (name.endsWith('_until')) return today(timeZone, Date.parse(value) - 1)
  return value === 'true' ? 'yes' : value === 'false' ? 'no' : value
}
