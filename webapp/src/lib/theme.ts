/** System, light or dark. `public/theme.js` applies the stored choice before the first paint; this follows changes. */
import { useSyncExternalStore } from 'react'

export type Theme = 'system' | 'light' | 'dark'
const KEY = 'lumenpay.theme'
const darkSystem = window.matchMedia('(prefers-color-scheme: dark)')
const listeners = new Set<() => void>()

function readTheme(): Theme {
  try {
    const stored = localStorage.getItem(KEY)
    return stored === 'light' || stored === 'dark' ? stored : 'system'
  } catch {
    return 'system'
  }
}

let current = readTheme()

function apply(): void {
  const isDark = current === 'dark' || (current === 'system' && darkSystem.matches)
  const root = document.documentElement
  root.classList.toggle('dark', isDark)
  root.style.colorScheme = isDark ? 'dark' : 'light'
  document.querySelector('meta[name="theme-color"]')?.setAttribute('content', isDark ? '#0c0f16' : '#fafafa')
  listeners.forEach((listener) => listener())
}

export function setTheme(theme: Theme): void {
  current = theme
  try {
    localStorage.setItem(KEY, theme)
  } catch {
    // Storage is forbidden: the choice holds for this page.
  }
  apply()
}

darkSystem.addEventListener('change', apply)
window.addEventListener('storage', (event) => {
  if (event.key === KEY) {
    current = readTheme()
    apply()
  }
})

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function useTheme(): Theme {
  return useSyncExternalStore(subscribe, () => current)
}
