/** Every address of the app. Each noun's routes stand in `src/routes/<noun>/routes.ts`. */
import { type RouteObject, createBrowserRouter } from 'react-router-dom'
import { analyticsRoutes } from '@/routes/analytics/routes'
import { accountRoutes } from '@/routes/account/routes'
import { auditRoutes } from '@/routes/audit/routes'
import { teamRoutes } from '@/routes/team/routes'
import { staffRoutes } from '@/routes/staff/routes'
import { authRoutes } from '@/routes/auth/routes'
import { botsRoutes } from '@/routes/bots/routes'
import { broadcastsRoutes } from '@/routes/broadcasts/routes'
import { campaignsRoutes } from '@/routes/campaigns/routes'
import { channelsRoutes } from '@/routes/channels/routes'
import { dashboardRoutes } from '@/routes/dashboard/routes'
import { exportsRoutes } from '@/routes/exports/routes'
import { messagesRoutes } from '@/routes/messages/routes'
import { paymentsRoutes } from '@/routes/payments/routes'
import { plansRoutes } from '@/routes/plans/routes'
import { promoCodesRoutes } from '@/routes/promo-codes/routes'
import { setAsideRoutes } from '@/routes/set-aside/routes'
import { settingsRoutes } from '@/routes/settings/routes'
import { subscribersRoutes } from '@/routes/subscribers/routes'
import { tenantsRoutes } from '@/routes/tenants/routes'
import { testDrivesRoutes } from '@/routes/test-drives/routes'
import { AuthLayout } from './auth-layout'
import { Crash } from './crash'
import { FirstLoad } from './first-load'
import { NotFound } from './not-found'
import { PageFrame } from './page-frame'
import { Root } from './root'
import { SignedIn } from './signed-in'
import { Start } from './start'
import { TenantLayout } from './tenant-layout'

export const ROUTES: RouteObject[] = [
  {
    element: <Root />,
    hydrateFallbackElement: <FirstLoad />,
    errorElement: <Crash />,
    children: [
      { element: <AuthLayout />, children: authRoutes },
      {
        element: <SignedIn />,
        children: [
          { index: true, element: <Start /> },
          { element: <AuthLayout />, children: tenantsRoutes },
          ...accountRoutes,
          ...staffRoutes,
          {
            path: 't/:tenantId',
            element: <TenantLayout />,
            children: [
              {
                element: <PageFrame />,
                errorElement: <Crash isInside />,
                children: [
                  ...dashboardRoutes,
                  ...analyticsRoutes,
                  ...testDrivesRoutes,
                  ...subscribersRoutes,
                  ...broadcastsRoutes,
                  ...paymentsRoutes,
                  ...exportsRoutes,
                  ...plansRoutes,
                  ...promoCodesRoutes,
                  ...campaignsRoutes,
                  ...messagesRoutes,
                  ...channelsRoutes,
                  ...botsRoutes,
                  ...teamRoutes,
                  ...auditRoutes,
                  ...settingsRoutes,
                  ...setAsideRoutes,
                  { path: '*', element: <NotFound /> },
                ],
              },
            ],
          },
        ],
      },
      { path: '*', element: <NotFound isAlone /> },
    ],
  },
]

export const FUTURE = {
  v7_relativeSplatPath: true,
  v7_fetcherPersist: true,
  v7_normalizeFormMethod: true,
  v7_partialHydration: true,
  v7_skipActionErrorRevalidation: true,
}

export function makeRouter() {
  return createBrowserRouter(ROUTES, { future: FUTURE })
}
