import { permissions } from '@/api/permissions.gen'
import { useMaybeTenant } from '@/lib/tenancy'
import { SECTIONS, type Section } from './navigation'

/** The sections that the person may see in the tenant at hand; none outside a tenant. */
export function useSections(): readonly Section[] {
  const tenant = useMaybeTenant()
  if (!tenant) return []
  return SECTIONS.filter(({ needs }) => (permissions[needs] as readonly string[]).includes(tenant.role))
}
