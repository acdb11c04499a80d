/** The tenant that a page is about, and what the person may do in it. */
import { createContext, useCallback, useContext } from 'react'
import type { Feature, TenantDetailOut } from '@/api'
import { type Operation, leavings, permissions, readings } from '@/api/permissions.gen'

export const TenantContext = createContext<TenantDetailOut | null>(null)

export function useTenant(): TenantDetailOut {
  const tenant = useContext(TenantContext)
  if (!tenant) throw new Error('used outside the pages of a tenant')
  return tenant
}

/** Outside a tenant's pages there is none. */
export function useMaybeTenant(): TenantDetailOut | null {
  return useContext(TenantContext)
}

export function useTenantPath(): (rest: string) => string {
  const { id } = useTenant()
  return useCallback((rest: string) => `/t/${id}${rest}`, [id])
}

/**
 * Whether the role includes an operation, and the tenant's standing allows it: a suspended one only reads, and one that leaves
 * changes nothing but what belongs to the leaving.
 */
export function isOpen(operation: Operation, { role, suspended_at, removal_at }: TenantStanding): boolean {
  const isIncluded = (permissions[operation] as readonly string[]).includes(role)
  if (!isIncluded || readings.has(operation)) return isIncluded
  return suspended_at === null && (removal_at === null || leavings.has(operation))
}

type TenantStanding = Pick<TenantDetailOut, 'role' | 'suspended_at' | 'removal_at'>

/** Tells what can be done in the tenant at hand. Buttons follow it; the server decides. */
export function useCan(): (operation: Operation) => boolean {
  const { role, suspended_at, removal_at } = useTenant()
  return useCallback(
    (operation: Operation) => isOpen(operation, { role, suspended_at, removal_at }),
    [role, suspended_at, removal_at],
  )
}

/** Tells whether the platform lets the tenant at hand have a feature. What it does not have is not shown. */
export function useHasFeature(feature: Feature): boolean {
  return !useTenant().features_off.includes(feature)
}
