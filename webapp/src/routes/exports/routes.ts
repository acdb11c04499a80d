import type { RouteObject } from 'react-router-dom'
import { page } from '@/app/page'

export const exportsRoutes: RouteObject[] = [
  { path: 'exports', lazy: page(() => import('./exports-page'), 'exports') },
]
