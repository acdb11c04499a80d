import type { RouteObject } from 'react-router-dom'
import { page } from '@/app/page'

export const campaignsRoutes: RouteObject[] = [
  { path: 'campaigns', lazy: page(() => import('./campaigns-page'), 'campaigns', 'referrals') },
]
