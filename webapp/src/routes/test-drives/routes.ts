import type { RouteObject } from 'react-router-dom'
import { page } from '@/app/page'

export const testDrivesRoutes: RouteObject[] = [
  { path: 'test-drive', lazy: page(() => import('./test-drive-page'), 'test-drives') },
]
