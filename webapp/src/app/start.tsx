import { Navigate } from 'react-router-dom'
import { Loaded } from '@/components/ui/loaded'
import { FirstLoad } from './first-load'
import { recallTenant } from './last-tenant'
import { useTenants } from './use-tenants'

/** Opens the tenant that was looked at last; whoever has none makes one. */
export function Start() {
  const tenants = useTenants()
  return (
    <Loaded query={tenants} skeleton={<FirstLoad />}>
      {({ items }) => {
        const chosen = items.find(({ id }) => id === recallTenant()) ?? items[0]
        return <Navigate to={chosen ? `/t/${chosen.id}` : '/tenants/new'} replace />
      }}
    </Loaded>
  )
}
