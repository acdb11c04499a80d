import { useInfiniteQuery } from '@tanstack/react-query'
import type { TimelineOut } from '@/api'
import { useTenant } from '@/lib/tenancy'

export interface TimelineQuery {
  path: { tenant_id: string }
  query: { cursor: string | null; limit: number }
}

const SIZE = 25

/** What happened, the latest first; further back by the cursor. What was just done shows within seconds. */
export function useTimeline(
  key: readonly string[],
  ask: (parameters: TimelineQuery) => Promise<{ data: TimelineOut }>,
) {
  const { id } = useTenant()
  return useInfiniteQuery({
    queryKey: [id, 'timeline', ...key],
    queryFn: async ({ pageParam }) =>
      (await ask({ path: { tenant_id: id }, query: { cursor: pageParam, limit: SIZE } })).data,
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    // Who reads far back is not disturbed.
    refetchInterval: (query) => ((query.state.data?.pages.length ?? 0) > 1 ? false : 4000),
  })
}
