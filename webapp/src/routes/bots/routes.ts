import type { RouteObject } from 'react-router-dom'
import { page } from '@/app/page'

export const botsRoutes: RouteObject[] = [
  { path: 'settings/bot', lazy: page(() => import('./bots-page'), 'bots') },
]
