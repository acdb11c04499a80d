import type { BroadcastOut } from '@/api'
import { broadcastsListRecipientsOptions } from '@/api/@tanstack/react-query.gen'
import { RecipientsTable } from '@/features/broadcasts/components/recipients-table'
import { useTenantQuery } from '@/lib/requests'
import { useUrlState } from '@/lib/url-state'
import { recipientsSchema } from './recipients-url'

const SIZE = 25

/** What became of whose message. */
export function Recipients({ found }: { found: BroadcastOut }) {
  const { value, set } = useUrlState(recipientsSchema)
  const { state, after } = value
  const query = useTenantQuery((path) =>
    broadcastsListRecipientsOptions({
      path: { ...path, broadcast_id: found.id },
      query: { size: SIZE, after: after || null, state: state ?? null },
    }),
  )
  return (
    <RecipientsTable
      found={found}
      query={query}
      after={after}
      onAfter={(next) => set({ after: next })}
      state={state}
      onState={(chosen) => set({ state: chosen, after: '' })}
    />
  )
}
