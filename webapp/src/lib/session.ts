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

/** Only addresses of our own pages: a link must not send people elsewhere after the log-in. */
export function safeReturnPath(path: string | null): string {
  return path && /^\/(?![/\\])/.test(path) ? path : '/'
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
