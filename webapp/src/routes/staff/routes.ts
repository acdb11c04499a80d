import { type RouteObject, redirect } from 'react-router-dom'
import { page } from '@/app/page'

/** The console of the platform's staff. For everybody else the API has no such addresses. */
export const staffRoutes: RouteObject[] = [
  {
    path: 'staff',
    lazy: page(() => import('./staff-layout'), 'staff', 'audit'),
    children: [
      { index: true, loader: () => redirect('/staff/tenants') },
      { path: 'tenants', lazy: page(() => import('./tenants-page'), 'staff') },
      { path: 'tenants/:tenantId', lazy: page(() => import('./tenant-page'), 'staff', 'billing') },
      { path: 'revenue', lazy: page(() => import('./revenue-page'), 'staff', 'billing') },
      { path: 'features', lazy: page(() => import('./features-page'), 'staff') },
      { path: 'queues', lazy: page(() => import('./queues-page'), 'staff') },
      { path: 'set-aside', lazy: page(() => import('./set-aside-page'), 'staff') },
      { path: 'invariants', lazy: page(() => import('./invariants-page'), 'staff') },
      { path: 'views', lazy: page(() => import('./views-page'), 'staff') },
      { path: 'audit', lazy: page(() => import('./staff-audit-page'), 'staff', 'audit') },
    ],
  },
]
