import type { RouteObject } from 'react-router-dom'
import { page } from '@/app/page'

export const promoCodesRoutes: RouteObject[] = [
  { path: 'promo-codes', lazy: page(() => import('./promo-codes-page'), 'promo-codes') },
  { path: 'promo-codes/new', lazy: page(() => import('./new-promo-code-page'), 'promo-codes') },
  { path: 'promo-codes/generate', lazy: page(() => import('./generate-page'), 'promo-codes') },
  { path: 'promo-codes/win-back', lazy: page(() => import('../win-backs/win-back-page'), 'win-backs') },
  { path: 'promo-codes/:promoCodeId', lazy: page(() => import('./promo-code-page'), 'promo-codes') },
]
