import { Suspense, lazy } from 'react'
import { Outlet, ScrollRestoration } from 'react-router-dom'
import { client } from '@/api/client.gen'
import { Prove } from '@/components/prove/prove'
import { repeatAfterProof } from '@/lib/proof'
import { OfflineBanner } from './offline-banner'

const Toasts = lazy(() => import('./toasts'))
repeatAfterProof(client.instance)

export function Root() {
  return (
    <>
      <Suspense>
        <Outlet />
      </Suspense>
      <ScrollRestoration />
      <OfflineBanner />
      <Prove />
      <Suspense>
        <Toasts />
      </Suspense>
    </>
  )
}
