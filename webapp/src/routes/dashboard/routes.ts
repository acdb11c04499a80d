import type { RouteObject } from 'react-router-dom'
import { page } from '@/app/page'

export const dashboardRoutes: RouteObject[] = [
  { index: true, lazy: page(() => import('./dashboard-page'), 'analytics', 'onboarding', 'channels') },
]
