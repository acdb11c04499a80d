import { useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { session } from '@/lib/session'

/** What holds once somebody has logged in: nothing of whoever was logged in before is shown. */
export function useEnter(onDone: () => void): () => void {
  const client = useQueryClient()
  return useCallback(() => {
    client.clear()
    session.set(false)
    onDone()
  }, [client, onDone])
}
