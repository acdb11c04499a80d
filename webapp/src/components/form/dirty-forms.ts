/** The forms of the page that would ask before typed text is lost, and which of them hold such text now. */
const guards = new Set<symbol>()
const dirty = new Set<symbol>()
const listeners = new Set<() => void>()

function say(): void {
  listeners.forEach((listener) => listener())
}

function onUnload(event: BeforeUnloadEvent): void {
  event.preventDefault()
}

export const dirtyForms = {
  /** Both give back how to take it back. */
  join: (guard: symbol) => {
    guards.add(guard)
    say()
    return () => {
      guards.delete(guard)
      say()
    }
  },
  mark: (guard: symbol) => {
    dirty.add(guard)
    window.addEventListener('beforeunload', onUnload)
    return () => {
      dirty.delete(guard)
      // Browsers keep no page ready to come back to that listens to this.
      if (dirty.size === 0) window.removeEventListener('beforeunload', onUnload)
    }
  },
  areThere: () => dirty.size > 0,
  /** The guard that asks for all of them: the router takes one at a time. */
  first: (): symbol | undefined => guards.values().next().value,
  subscribe: (listener: () => void) => {
    listeners.add(listener)
    return () => {
      listeners.delete(listener)
    }
  },
}
