/** Whether the session has ended while pages were open. Pages then give way to the log-in form and come back afterwards. */
import { useSyncExternalStore } from 'react'

let hasEnded = false
const listeners = new Set<() => void>()

export const session = {
  hasEnded: () => hasEnded,
  set: (ended: boolean) => {
    if (hasEnded === ended) return
    hasEnded = ended
    listeners.forEach((listener) => listener())
  },
  subscribe: (listener: () => void) => {
    listeners.add(listener)
    return () => {
      listeners.delete(listener)
    }
  },
}

export function useHasSessionEnded(): boolean {
  return useSyncExternalStore(session.subscribe, session.hasEnded)
}

/**
 * Only addresses of our own pages: a link must not send people elsewhere after the log-in. Browsers leave out tabs and line
 * breaks and read `\` as `/`, so what the address becomes is looked at, and not only how it is written.
 */
export function safeReturnPath(path: string | null): string {
  // eslint-disable-next-line no-control-regex -- they are what must not be there
  if (!path?.startsWith('/') || /[\\\u0000-\u001f]/.test(path)) return '/'
  const { origin } = window.location
  if (!URL.canParse(path, origin)) return '/'
  const address = new URL(path, origin)
  return address.origin === origin && !address.pathname.startsWith('//') ? path : '/'
}

const RETURN_KEY = 'lumenpay.return'

/** The page to come back to after the trip to another service. */
export function keepReturnPath(path: string | null): void {
  if (path === null) sessionStorage.removeItem(RETURN_KEY)
  else sessionStorage.setItem(RETURN_KEY, path)
}

export function readReturnPath(): string | null {
  return sessionStorage.getItem(RETURN_KEY)
}
