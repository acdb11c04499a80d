import type { RouteObject } from 'react-router-dom'
import { page } from '@/app/page'

export const plansRoutes: RouteObject[] = [
  { path: 'plans', lazy: page(() => import('./plans-page'), 'plans', 'channels') },
  { path: 'plans/new', lazy: page(() => import('./new-plan-page'), 'plans', 'fiscal-receipts') },
  { path: 'plans/:planId', lazy: page(() => import('./plan-page'), 'plans', 'fiscal-receipts') },
]
