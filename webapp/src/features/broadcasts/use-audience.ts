import type { BroadcastCategory } from '@/api'
import { broadcastsCountOptions } from '@/api/@tanstack/react-query.gen'
import { useTenantQuery } from '@/lib/requests'

/** How many people of a list a broadcast would reach if it began now. */
export function useAudience(botId: string, category: BroadcastCategory, query: string) {
  return useTenantQuery(
    (path) => broadcastsCountOptions({ path: { ...path, bot_id: botId }, query: { category, query } }),
    { enabled: botId !== '' },
  )
}
