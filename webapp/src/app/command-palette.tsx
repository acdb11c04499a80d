import { lazy, Suspense } from 'react'
import { useOverlay } from './overlays'

const Palette = lazy(() => import('./palette'))

/** Loaded when it is first opened. */
export function CommandPalette() {
  return useOverlay() === 'palette' ? (
    <Suspense>
      <Palette />
    </Suspense>
  ) : null
}
