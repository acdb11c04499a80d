import { Suspense, lazy, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { showOverlay, useOverlay } from './overlays'
import type { PaletteProps } from './palette'

const Palette = lazy(() => import('./palette'))

/** Loaded when it is first opened. What is typed meanwhile is not lost. */
export function CommandPalette() {
  return useOverlay() === 'palette' ? <Opened /> : null
}

function Opened() {
  const [typed, setTyped] = useState('')
  // The dialog itself would come back to the field that stood in for it, which is gone by then.
  const [opener] = useState(() => document.activeElement)
  const comeBack = () => {
    if (opener instanceof HTMLElement) opener.focus()
  }
  return (
    <Suspense fallback={<Waiting typed={typed} onTyped={setTyped} onClosed={comeBack} />}>
      <Palette typed={typed} onTyped={setTyped} onClosed={comeBack} />
    </Suspense>
  )
}

/** Stands in for the palette until it is there, with the same field in the same place. */
function Waiting({ typed, onTyped, onClosed }: PaletteProps) {
  const { t } = useTranslation()
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => field.current?.focus(), [])
  return (
    <div
      role="dialog"
      aria-modal
      aria-label={t('palette.title')}
      className="fixed inset-x-4 top-[12dvh] z-50 mx-auto max-w-xl overflow-hidden rounded-lg border bg-card shadow-float"
    >
      <input
        ref={field}
        value={typed}
        aria-label={t('palette.title')}
        placeholder={t('palette.placeholder')}
        onChange={(event) => onTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return
          showOverlay(undefined)
          onClosed()
        }}
        className="w-full bg-transparent px-4 py-3.5 text-base outline-none placeholder:text-muted-foreground"
      />
    </div>
  )
}
