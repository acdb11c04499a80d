import type { RouteObject } from 'react-router-dom'
import { page } from '@/app/page'

export const subscribersRoutes: RouteObject[] = [
  { path: 'subscribers', lazy: page(() => import('./subscribers-page'), 'subscribers', 'exports') },
  { path: 'subscribers/import', lazy: page(() => import('./imports-page'), 'imports') },
  { path: 'subscribers/import/:importId', lazy: page(() => import('./import-page'), 'imports') },
  { path: 'subscribers/erasures', lazy: page(() => import('./erasures-page'), 'erasures') },
  {
    path: 'subscribers/:userId',
    lazy: page(() => import('./subscriber-page'), 'subscribers', 'timeline', 'erasures'),
  },
]
