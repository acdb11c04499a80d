import { useCallback } from 'react'
import type { ImportOut } from '@/api'
import { useFormat } from '@/lib/use-format'

/** The first and the last day until which a list is going to give access; nothing where nobody is to get any. */
export function useEnds(): (
  found: Pick<ImportOut, 'first_ends_at' | 'last_ends_at'>,
) => { from: string; until: string } | undefined {
  const format = useFormat()
  return useCallback(
    ({ first_ends_at: first, last_ends_at: last }) =>
      first === null || last === null
        ? undefined
        : { from: format.lastDay(first), until: format.lastDay(last) },
    [format],
  )
}
