import '@testing-library/jest-dom/vitest'
import { cleanup, configure } from '@testing-library/react'
import { afterAll, afterEach, beforeAll, vi } from 'vitest'
import { startI18n } from '@/i18n'
import { session } from '@/lib/session'
import { server } from './server'

// jsdom draws nothing, so it has no sizes and no media.
Object.defineProperty(window, 'matchMedia', {
  writable: true,
  value: (query: string) => ({
    matches: false,
    media: query,
    addEventListener: vi.fn(),
    removeEventListener: vi.fn(),
  }),
})
window.scrollTo = () => undefined
Element.prototype.scrollIntoView = () => undefined
Element.prototype.hasPointerCapture = () => false
globalThis.ResizeObserver = class {
  observe() {}
  unobserve() {}
  disconnect() {}
}
Object.defineProperty(navigator, 'languages', { configurable: true, value: ['ru'] })

// The first look at a page waits for its module to be compiled.
configure({ asyncUtilTimeout: 10_000 })

beforeAll(async () => {
  server.listen({ onUnhandledRequest: 'error' })
  await startI18n()
})
afterEach(() => {
  cleanup()
  server.resetHandlers()
  session.set(false)
  localStorage.clear()
  sessionStorage.clear()
})
afterAll(() => server.close())
