/** The tenant that a page is about, and what the person may do in it. */
import { createContext, useCallback, useContext } from 'react'
import type { TenantDetailOut } from '@/api'
import { type Operation, permissions } from '@/api/permissions.gen'

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

/** Tells whether the role includes an operation. Buttons follow it; the server decides. */
export function useCan(): (operation: Operation) => boolean {
  const { role } = useTenant()
  return useCallback(
    (operation: Operation) => (permissions[operation] as readonly string[]).includes(role),
    [role],
  )
}
