import type { RouteObject } from 'react-router-dom'
import { page } from '@/app/page'

export const analyticsRoutes: RouteObject[] = [
  { path: 'analytics', lazy: page(() => import('./analytics-page'), 'analytics') },
]
