import type { RouteObject } from 'react-router-dom'
import { page } from '@/app/page'

/** The person's own settings: outside any tenant. */
export const accountRoutes: RouteObject[] = [
  {
    path: 'account',
    lazy: page(() => import('./account-layout'), 'account'),
    children: [
      { index: true, lazy: page(() => import('./profile-page'), 'account') },
      { path: 'security', lazy: page(() => import('./security-page'), 'account') },
      { path: 'events', lazy: page(() => import('./events-page'), 'account') },
    ],
  },
]
