import { Suspense, lazy, useEffect, useRef } from 'react'
import { useNavigate } from 'react-router-dom'
import { useTenantPath } from '@/lib/tenancy'
import { showOverlay, useOverlay } from './overlays'
import { useSections } from './use-sections'

const ShortcutsList = lazy(() => import('./shortcuts-list'))
const SEQUENCE_MS = 1200

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  )
}

function isPaletteKey(event: KeyboardEvent): boolean {
  return (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.code === 'KeyK'
}

/** A key by itself, pressed while nobody types and nothing lies over the page. */
function isPlain(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return false
  return document.querySelector('[role=dialog], [role=alertdialog], [role=menu]') === null
}

/** Keys are told by their place (`code`), not by their letter: on a Russian layout K arrives as Л. */
export function Shortcuts() {
  const navigate = useNavigate()
  const path = useTenantPath()
  const sections = useSections()
  const overlay = useOverlay()
  const pressedAt = useRef(0)
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (isPaletteKey(event)) {
        event.preventDefault()
        showOverlay('palette')
      } else if (isPlain(event)) follow(event)
    }
    const follow = (event: KeyboardEvent) => {
      if (event.code === 'Slash' && event.shiftKey) showOverlay('shortcuts')
      else if (event.code === 'Slash') {
        event.preventDefault()
        document.querySelector<HTMLInputElement>('[data-list-search]')?.focus()
      } else if (event.code === 'KeyG') pressedAt.current = event.timeStamp
      else if (event.timeStamp - pressedAt.current < SEQUENCE_MS) {
        pressedAt.current = 0
        const section = sections.find(({ key }) => key === event.code)
        if (section) navigate(path(section.path))
      }
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [navigate, path, sections])
  return overlay === 'shortcuts' ? (
    <Suspense>
      <ShortcutsList />
    </Suspense>
  ) : null
}
