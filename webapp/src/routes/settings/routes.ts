import type { RouteObject } from 'react-router-dom'
import { page } from '@/app/page'

export const settingsRoutes: RouteObject[] = [
  { path: 'settings/general', lazy: page(() => import('./general-page'), 'settings', 'erasures') },
  { path: 'settings/closing', lazy: page(() => import('./closing-page'), 'closings') },
  { path: 'settings/billing', lazy: page(() => import('./billing-page'), 'billing') },
  { path: 'settings/api', lazy: page(() => import('./api-page'), 'api', 'team') },
  { path: 'settings/shop', lazy: page(() => import('./shop-page'), 'settings', 'fiscal-receipts') },
]
