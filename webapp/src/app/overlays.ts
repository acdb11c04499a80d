/** The command palette and the list of shortcuts are opened from several places. */
import { useSyncExternalStore } from 'react'

type Overlay = 'palette' | 'shortcuts' | 'more'
let shown: Overlay | undefined
const listeners = new Set<() => void>()

export function showOverlay(overlay: Overlay | undefined): void {
  shown = overlay
  listeners.forEach((listener) => listener())
}

export function openPalette(): void {
  showOverlay('palette')
}

export function useOverlay(): Overlay | undefined {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => shown,
  )
}
