/** Every page of the app, from the tables that its router is made of: whoever adds a page need not list it here. */
import type { RouteObject } from 'react-router-dom'

const files = import.meta.glob<Record<string, RouteObject[]>>('../src/routes/*/routes.ts', { eager: true })

/** Who opens a page. */
export type Who = 'nobody' | 'owner' | 'staff'

/** The nouns whose pages lie outside a tenant, and who opens them. */
const OUTSIDE: Partial<Record<string, Who>> = {
  auth: 'nobody',
  account: 'owner',
  tenants: 'owner',
  staff: 'staff',
}

export interface Address {
  who: Who
  /** As the router has it: `/t/:tenantId/plans/:planId`. */
  pattern: string
}

/** Addresses that belong to no noun: where nothing is. */
const NOWHERE: Address[] = [
  { who: 'owner', pattern: '/t/:tenantId/nowhere' },
  { who: 'nobody', pattern: '/nowhere' },
]

export const ADDRESSES: readonly Address[] = [
  ...Object.entries(files).flatMap(([file, tables]) => {
    const noun = file.split('/').at(-2) ?? ''
    const who = OUTSIDE[noun]
    return Object.values(tables)
      .flatMap((table) => patternsOf(table, who === undefined ? '/t/:tenantId' : ''))
      .map((pattern) => ({ who: who ?? 'owner', pattern }))
  }),
  ...NOWHERE,
]

function patternsOf(routes: readonly RouteObject[], above: string): string[] {
  return routes.flatMap(({ path, lazy, children }) => {
    const pattern = path === undefined ? above : `${above}/${path}`
    if (children) return patternsOf(children, pattern)
    // What has no page only leads elsewhere.
    return lazy ? [pattern] : []
  })
}

/** States of a page that its address alone does not show. */
const MORE: Partial<Record<string, readonly string[]>> = {
  '/log-in': ['?return=/account'],
  '/verify-email': ['#token=no-such-token'],
  '/reset-password': ['#token=no-such-token'],
  '/confirm-email': ['#token=no-such-token'],
  '/t/:tenantId/subscribers': ['?search=nobody'],
  '/t/:tenantId/payments': ['?search=nothing'],
}

/**
 * Fills in what stands behind the colons, and adds the page's further states.
 *
 * @throws A page has a parameter that nobody gave a value.
 */
export function visitsOf({ pattern }: Address, values: Record<string, string>): string[] {
  const path = pattern.replace(/:(\w+)/g, (_, name: string) => {
    const value = values[name]
    if (value === undefined) throw new Error(`${pattern}: e2e/pages.test.ts gives no ${name}`)
    return value
  })
  return [path, ...(MORE[pattern] ?? []).map((rest) => `${path}${rest}`)]
}
