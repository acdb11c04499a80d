import { useQuery } from '@tanstack/react-query'
import { Suspense, lazy, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Outlet, useLocation, useParams } from 'react-router-dom'
import { tenantsGetOptions } from '@/api/@tanstack/react-query.gen'
import { Loaded } from '@/components/ui/loaded'
import { toProblem } from '@/lib/problem'
import { inTenant } from '@/lib/requests'
import { TenantContext } from '@/lib/tenancy'
import { CommandPalette } from './command-palette'
import { FirstLoad } from './first-load'
import { rememberTenant } from './last-tenant'
import { showOverlay } from './overlays'
import { NotFound } from './not-found'
import { PhoneBar } from './phone-bar'
import { Shortcuts } from './shortcuts'
import { Sidebar } from './sidebar'
import { TopBar } from './top-bar'

const TenantBanners = lazy(() => import('./tenant-banners'))
const LiveUpdates = lazy(() => import('./live-updates'))

/** The frame of all pages of one tenant: who it is, the sections, the commands. */
export function TenantLayout() {
  const { tenantId = '' } = useParams()
  const tenant = useQuery(inTenant(tenantId, tenantsGetOptions({ path: { tenant_id: tenantId } })))
  // An address with a slip of the pen in it: the server refuses its shape before it looks.
  if (tenant.error && toProblem(tenant.error).kind === 'invalid') return <NotFound isAlone />
  return (
    <Loaded query={tenant} skeleton={<FirstLoad />}>
      {(found) => (
        <TenantContext.Provider value={found}>
          <Frame key={found.id} />
        </TenantContext.Provider>
      )}
    </Loaded>
  )
}

function Frame() {
  const { t } = useTranslation()
  const { tenantId = '' } = useParams()
  const { pathname } = useLocation()
  useEffect(() => rememberTenant(tenantId), [tenantId])
  useEffect(() => () => showOverlay(undefined), [])
  useEffect(() => {
    // Whoever listens to the page starts at the new content.
    const content = document.getElementById('content')
    if (document.activeElement === document.body) content?.focus({ preventScroll: true })
  }, [pathname])
  return (
    <div className="lg:grid lg:grid-cols-[15.5rem_1fr]">
      <a
        href="#content"
        className="sr-only z-50 rounded-md bg-primary px-4 py-2 text-primary-foreground focus:not-sr-only focus:fixed focus:top-3 focus:left-3"
      >
        {t('skipToContent')}
      </a>
      <Sidebar />
      <div className="flex min-h-dvh min-w-0 flex-col">
        <TopBar />
        <Suspense>
          <TenantBanners />
        </Suspense>
        <main id="content" tabIndex={-1} className="flex-1 pb-20 outline-none lg:pb-0">
          <Outlet />
        </main>
        <PhoneBar />
      </div>
      <CommandPalette />
      <Shortcuts />
      {typeof EventSource !== 'undefined' && (
        <Suspense>
          <LiveUpdates />
        </Suspense>
      )}
    </div>
  )
}
