import type { RouteObject } from 'react-router-dom'
import { page } from '@/app/page'

export const broadcastsRoutes: RouteObject[] = [
  { path: 'broadcasts', lazy: page(() => import('./broadcasts-page'), 'broadcasts') },
  {
    path: 'broadcasts/new',
    lazy: page(() => import('./new-broadcast-page'), 'broadcasts', 'subscribers', 'markup'),
  },
  {
    path: 'broadcasts/:broadcastId/edit',
    lazy: page(() => import('./edit-broadcast-page'), 'broadcasts', 'subscribers', 'markup'),
  },
  {
    path: 'broadcasts/:broadcastId',
    lazy: page(() => import('./broadcast-page'), 'broadcasts', 'subscribers'),
  },
]
