import { Navigate, Outlet, useLocation } from 'react-router-dom'
import { ErrorState } from '@/components/ui/error-state'
import { isSignedOut } from '@/lib/problem'
import { useHasSessionEnded } from '@/lib/session'
import { FirstLoad } from './first-load'
import { useMe } from '@/lib/use-me'

/** Pages for whoever has logged in; the others are sent to log in, and come back afterwards. */
export function SignedIn() {
  const me = useMe()
  const hasEnded = useHasSessionEnded()
  const { pathname, search } = useLocation()
  if (hasEnded || isSignedOut(me.error)) {
    const here = pathname + search
    return <Navigate to={here === '/' ? '/log-in' : `/log-in?return=${encodeURIComponent(here)}`} replace />
  }
  if (me.data) return <Outlet />
  if (me.isError) return <ErrorState error={me.error} onRetry={() => void me.refetch()} />
  return <FirstLoad />
}
