import type { RouteObject } from 'react-router-dom'
import { page } from '@/app/page'

export const tenantsRoutes: RouteObject[] = [
  { path: 'tenants/new', lazy: page(() => import('./new-tenant-page'), 'tenants') },
]
