import type { BotOut, ReferralState } from '@/api'
import { referralsListOptions } from '@/api/@tanstack/react-query.gen'
import type { ListState } from '@/components/data-table/data-table'
import { ProgrammeCard } from '@/features/referrals/components/programme-card'
import { ReferralCounts } from '@/features/referrals/components/referral-counts'
import { ReferralsTable } from '@/features/referrals/components/referrals-table'
import { useTenantQuery } from '@/lib/requests'

interface ReferralsState extends ListState {
  state: ReferralState | undefined
}

interface ReferralsTabProps {
  bots: BotOut[]
  state: ReferralsState
  onChange: (changes: Partial<ReferralsState>) => void
}

export function ReferralsTab({ bots, state, onChange }: ReferralsTabProps) {
  const { page, size, state: shown } = state
  const referrals = useTenantQuery((path) =>
    referralsListOptions({ path, query: { page, size, state: shown ?? null } }),
  )
  return (
    <div className="space-y-5">
      {bots.map((bot) => (
        <div key={bot.id} className="space-y-5">
          <ReferralCounts bot={bot} />
          <ProgrammeCard bot={bot} isAmongSeveral={bots.length > 1} />
        </div>
      ))}
      <ReferralsTable
        query={referrals}
        state={state}
        onChange={onChange}
        shown={shown}
        onShow={(chosen) => onChange({ state: chosen })}
      />
    </div>
  )
}
