import { Suspense, lazy } from 'react'
import { useIsProofAsked } from '@/lib/proof'

const ProveDialog = lazy(() => import('./prove-dialog'))

/** Stands once in the app; the dialog is loaded when it is first needed. */
export function Prove() {
  return useIsProofAsked() ? (
    <Suspense>
      <ProveDialog />
    </Suspense>
  ) : null
}
