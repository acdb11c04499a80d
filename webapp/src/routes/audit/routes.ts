import type { RouteObject } from 'react-router-dom'
import { page } from '@/app/page'

export const auditRoutes: RouteObject[] = [
  { path: 'settings/audit', lazy: page(() => import('./audit-page'), 'audit') },
]
