import type { RouteObject } from 'react-router-dom'
import { page } from '@/app/page'

export const subscribersRoutes: RouteObject[] = [
  { path: 'subscribers', lazy: page(() => import('./subscribers-page'), 'subscribers', 'exports') },
  {
    path: 'subscribers/:userId',
    lazy: page(() => import('./subscriber-page'), 'subscribers', 'timeline'),
  },
]
