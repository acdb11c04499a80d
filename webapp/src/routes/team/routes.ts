import type { RouteObject } from 'react-router-dom'
import { page } from '@/app/page'

export const teamRoutes: RouteObject[] = [
  { path: 'settings/team', lazy: page(() => import('./team-page'), 'team') },
  { path: 'settings/team/roles', lazy: page(() => import('./roles-page'), 'team') },
]
