import type { RouteObject } from 'react-router-dom'
import { page } from '@/app/page'

export const channelsRoutes: RouteObject[] = [
  { path: 'channels', lazy: page(() => import('./channels-page'), 'channels') },
]
