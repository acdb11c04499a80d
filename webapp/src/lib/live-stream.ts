/** The stream of hints of one tenant: opened once, opened again after it broke, closed while nobody looks for long. */
import { LIVE_TOPICS } from './live-topics'

/** As old as the server takes. */
const OLDEST_SECONDS = 86_400
const HIDDEN_MILLISECONDS = 120_000
const FIRST_RETRY_MILLISECONDS = 5_000
const LONGEST_RETRY_MILLISECONDS = 60_000

interface Listener {
  /** How long ago the oldest of what is shown was asked for. */
  getAge: () => number
  onHint: (topic: string, id: string | null) => void
  /** Anything may have changed meanwhile. */
  onResync: () => void
  /** The server does not let us in any more, or not now. */
  onRefused: () => void
}

/** Returns what ends it. */
export function followChanges(
  address: string,
  { getAge, onHint, onResync, onRefused }: Listener,
): () => void {
  let source: EventSource | undefined
  let retry: ReturnType<typeof setTimeout> | undefined
  let hiding: ReturnType<typeof setTimeout> | undefined
  let retryIn = FIRST_RETRY_MILLISECONDS
  // Something may have been missed since the stream was there the last time.
  let hasMissed = false

  const open = () => {
    close()
    // What changed between the first questions and now is told too. Where anything was missed, all is asked again anyway.
    const age = hasMissed ? 0 : Math.min(getAge(), OLDEST_SECONDS)
    source = new EventSource(`${address}?age_seconds=${age.toFixed(1)}`)
    source.addEventListener('hello', () => {
      retryIn = FIRST_RETRY_MILLISECONDS
      if (hasMissed) onResync()
      hasMissed = false
    })
    source.addEventListener('resync', () => {
      retryIn = FIRST_RETRY_MILLISECONDS
      hasMissed = false
      onResync()
    })
    for (const topic of LIVE_TOPICS)
      source.addEventListener(topic, (event: MessageEvent<string>) => onHint(topic, readId(event.data)))
    source.onerror = () => {
      // A lost connection is opened again by the browser; a refusal is not.
      if (source?.readyState !== EventSource.CLOSED) return
      hasMissed = true
      onRefused()
      clearTimeout(retry)
      retry = setTimeout(open, retryIn)
      retryIn = Math.min(retryIn * 2, LONGEST_RETRY_MILLISECONDS)
    }
  }
  const close = () => {
    clearTimeout(retry)
    source?.close()
    source = undefined
  }
  const followVisibility = () => {
    clearTimeout(hiding)
    if (document.visibilityState === 'hidden')
      hiding = setTimeout(() => {
        hasMissed = true
        close()
      }, HIDDEN_MILLISECONDS)
    else if (!source) open()
  }

  open()
  document.addEventListener('visibilitychange', followVisibility)
  return () => {
    document.removeEventListener('visibilitychange', followVisibility)
    clearTimeout(hiding)
    close()
  }
}

function readId(data: string): string | null {
  const hint = JSON.parse(data) as { id: string | null }
  return hint.id
}
