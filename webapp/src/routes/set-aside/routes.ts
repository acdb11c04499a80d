import type { RouteObject } from 'react-router-dom'
import { page } from '@/app/page'

export const setAsideRoutes: RouteObject[] = [
  { path: 'settings/set-aside', lazy: page(() => import('./set-aside-page'), 'set-aside') },
]
