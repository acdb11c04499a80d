import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { i18n } from '@/i18n'
import { notify } from './notify'
import { isPassing, isSignedOut } from './problem'
import { session } from './session'

function noticeEndOfSession(error: unknown): boolean {
  if (!isSignedOut(error)) return false
  session.set(true)
  return true
}

export function makeQueryClient(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({
      onError: (error, query) => {
        // A page that has data keeps showing it; one that has none shows its own error state.
        if (!noticeEndOfSession(error) && query.state.data !== undefined)
          notify.error(i18n.t('toasts.failed'), 'refresh-failed')
      },
    }),
    mutationCache: new MutationCache({ onError: (error) => void noticeEndOfSession(error) }),
    defaultOptions: {
      // Without a network a change fails at once and says so, instead of waiting unseen and being sent when nobody looks.
      mutations: { networkMode: 'always' },
      queries: {
        retry: (failures, error) => isPassing(error) && failures < 2,
        retryDelay: (failures) => 500 * 2 ** failures,
        staleTime: 10_000,
      },
    },
  })
}
