import { useEffect, useState } from 'react'
import { useLocation, useNavigate } from 'react-router-dom'

/** The secret of a letter's link, `#token=…`. It is taken out of the address bar, so that no history keeps it. */
export function useFragmentToken(): string {
  const { hash, pathname, search } = useLocation()
  const navigate = useNavigate()
  const found = new URLSearchParams(hash.slice(1)).get('token')
  const [token, setToken] = useState(found ?? '')
  if (found && found !== token) setToken(found)
  useEffect(() => {
    if (hash) navigate({ pathname, search }, { replace: true })
  }, [hash, navigate, pathname, search])
  return token
}
