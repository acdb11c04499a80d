import type { BroadcastOut } from '@/api'
import { AgainNotices } from '@/features/broadcasts/components/again-notices'
import { RunCard } from '@/features/broadcasts/components/run-card'
import { useUrlState } from '@/lib/url-state'
import { recipientsSchema } from './recipients-url'

/** How far a broadcast is that has begun, and whom a person has to decide about. */
export function Run({ found }: { found: BroadcastOut }) {
  const { set } = useUrlState(recipientsSchema)
  return (
    <>
      <RunCard found={found} />
      <AgainNotices found={found} onShow={(state) => set({ state, after: '' })} />
    </>
  )
}
