import type { RouteObject } from 'react-router-dom'
import { page } from '@/app/page'

export const authRoutes: RouteObject[] = [
  { path: 'log-in', lazy: page(() => import('./log-in-page'), 'auth') },
  { path: 'sign-up', lazy: page(() => import('./sign-up-page'), 'auth') },
  { path: 'verify-email', lazy: page(() => import('./verify-email-page'), 'auth') },
]
