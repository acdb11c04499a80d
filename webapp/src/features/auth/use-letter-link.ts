import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type LetterLinkIn, authLookAtLink } from '@/api'
import { toProblem } from '@/lib/problem'

/**
 * Whether a letter's link still works, asked before anybody types anything. Only a clear no counts: whatever else goes wrong
 * here, the form is shown, and the server decides once it is sent; then `refuse` says that it was a no after all.
 */
export function useLetterLink(purpose: LetterLinkIn['purpose'], token: string) {
  const [isRefused, setIsRefused] = useState(false)
  const look = useQuery({
    queryKey: ['letter-link', purpose, token],
    queryFn: async () => {
      await authLookAtLink({ body: { purpose, token } })
      return true
    },
    enabled: token !== '',
    retry: false,
    // Whoever has used the link makes everything else be asked anew: of a used link the answer would be no.
    staleTime: 'static',
  })
  const isSpoiled = token === '' || isRefused || toProblem(look.error).code === 'link_invalid'
  return { isSpoiled, isLooking: look.isFetching, refuse: () => setIsRefused(true) }
}
