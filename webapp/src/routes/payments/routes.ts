import type { RouteObject } from 'react-router-dom'
import { page } from '@/app/page'

export const paymentsRoutes: RouteObject[] = [
  { path: 'payments', lazy: page(() => import('./payments-page'), 'payments', 'exports', 'fiscal-receipts') },
  { path: 'payments/undelivered', lazy: page(() => import('./undelivered-page'), 'payments') },
  {
    path: 'payments/reconciliation',
    lazy: page(() => import('./reconciliation-page'), 'reconciliations'),
  },
  { path: 'payments/gifts', lazy: page(() => import('./gifts-page'), 'gifts') },
  {
    path: 'payments/:paymentId',
    lazy: page(() => import('./payment-page'), 'payments', 'refunds', 'timeline', 'fiscal-receipts', 'gifts'),
  },
]
