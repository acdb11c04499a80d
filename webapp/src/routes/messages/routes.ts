import type { RouteObject } from 'react-router-dom'
import { page } from '@/app/page'

export const messagesRoutes: RouteObject[] = [
  { path: 'messages', lazy: page(() => import('./messages-page'), 'messages', 'markup') },
]
