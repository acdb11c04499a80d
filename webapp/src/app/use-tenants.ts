import { useQuery } from '@tanstack/react-query'
import { tenantsListOptions } from '@/api/@tanstack/react-query.gen'

/** The tenants that the person works for. */
export function useTenants() {
  return useQuery({ ...tenantsListOptions({ query: { size: 200 } }), staleTime: 60_000 })
}
