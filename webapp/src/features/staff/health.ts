import type { TenantHealthOut } from '@/api'

/** What of a tenant asks for a human, by name and number. */
export function troublesOf(tenant: TenantHealthOut) {
  const all = [
    ['paidWithoutAccess', tenant.paid_without_access],
    ['unwellBots', tenant.unwell_bots],
    ['deadJobs', tenant.dead_jobs],
    ['updates', tenant.quarantined_updates],
    ['notices', tenant.quarantined_notices],
  ] as const
  return all.filter(([, count]) => count > 0)
}
