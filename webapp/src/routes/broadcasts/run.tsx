import type { BroadcastOut } from '@/api'
import { broadcastsListRecipientsOptions } from '@/api/@tanstack/react-query.gen'
import { AgainNotices } from '@/features/broadcasts/components/again-notices'
import { RecipientsTable } from '@/features/broadcasts/components/recipients-table'
import { RunCard } from '@/features/broadcasts/components/run-card'
import { STATES } from '@/features/broadcasts/run'
import { useTenantQuery } from '@/lib/requests'
import { oneOf, text, useUrlState } from '@/lib/url-state'

const params = { state: oneOf(STATES), after: text() }
const SIZE = 25

/** A broadcast that has begun: how far it is, and what became of whose message. */
export function Run({ found }: { found: BroadcastOut }) {
  const { value, set } = useUrlState(params)
  const { state, after } = value
  const recipients = useTenantQuery((path) =>
    broadcastsListRecipientsOptions({
      path: { ...path, broadcast_id: found.id },
      query: { size: SIZE, after: after || null, state: state ?? null },
    }),
  )
  return (
    <>
      <RunCard found={found} />
      <AgainNotices found={found} onShow={(shown) => set({ state: shown, after: '' })} />
      <RecipientsTable
        query={recipients}
        after={after}
        onAfter={(next) => set({ after: next })}
        state={state}
        onState={(chosen) => set({ state: chosen, after: '' })}
      />
    </>
  )
}
