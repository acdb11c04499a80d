import { Suspense, lazy } from 'react'
import { Outlet, ScrollRestoration } from 'react-router-dom'

const Toasts = lazy(() => import('./toasts'))

export function Root() {
  return (
    <>
      <Suspense>
        <Outlet />
      </Suspense>
      <ScrollRestoration />
      <Suspense>
        <Toasts />
      </Suspense>
    </>
  )
}
