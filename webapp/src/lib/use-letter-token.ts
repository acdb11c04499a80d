import { useState } from 'react'
import { useLocation } from 'react-router-dom'

/** The token in a letter's link. It stands after `#`, so that no server and no log ever sees it. */
export function useLetterToken(): string {
  const { hash } = useLocation()
  const [token] = useState(() => new URLSearchParams(hash.slice(1)).get('token') ?? '')
  return token
}
