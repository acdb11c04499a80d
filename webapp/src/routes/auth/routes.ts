import type { RouteObject } from 'react-router-dom'
import { page } from '@/app/page'

export const authRoutes: RouteObject[] = [
  { path: 'log-in', lazy: page(() => import('./log-in-page'), 'auth') },
  { path: 'log-in/code', lazy: page(() => import('./code-page'), 'auth') },
  { path: 'sign-up', lazy: page(() => import('./sign-up-page'), 'auth') },
  { path: 'verify-email', lazy: page(() => import('./verify-email-page'), 'auth') },
  { path: 'forgot-password', lazy: page(() => import('./forgot-password-page'), 'auth') },
  { path: 'reset-password', lazy: page(() => import('./reset-password-page'), 'auth') },
  { path: 'confirm-email', lazy: page(() => import('./confirm-email-page'), 'auth') },
  { path: 'oidc/:provider', lazy: page(() => import('./provider-page'), 'auth') },
  { path: 'invitation', lazy: page(() => import('./invitation-page'), 'auth') },
]
