/** The tenant that a page is about, and what the person may do in it. */
import { createContext, useCallback, useContext } from 'react'
import type { TenantDetailOut } from '@/api'
import { type Operation, permissions, readings } from '@/api/permissions.gen'

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

/** Whether the role includes an operation, and the tenant is not suspended or the operation only reads. */
export function isOpen(operation: Operation, { role, suspended_at }: TenantStanding): boolean {
  const isIncluded = (permissions[operation] as readonly string[]).includes(role)
  return isIncluded && (suspended_at === null || readings.has(operation))
}

type TenantStanding = Pick<TenantDetailOut, 'role' | 'suspended_at'>

/** Tells what can be done in the tenant at hand. Buttons follow it; the server decides. */
export function useCan(): (operation: Operation) => boolean {
  const { role, suspended_at } = useTenant()
  return useCallback(
    (operation: Operation) => isOpen(operation, { role, suspended_at }),
    [role, suspended_at],
  )
}
