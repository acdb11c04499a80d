import { Suspense, lazy } from 'react'
import { TenantButton } from './tenant-button'

const TenantMenu = lazy(() => import('./tenant-menu'))

/** Who the pages are about, and the way to the person's other tenants. The menu is loaded after the page. */
export function TenantSwitcher() {
  return (
    <Suspense fallback={<TenantButton />}>
      <TenantMenu />
    </Suspense>
  )
}
