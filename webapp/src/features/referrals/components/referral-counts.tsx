import { useTranslation } from 'react-i18next'
import type { BotOut } from '@/api'
import { referralsCountOptions } from '@/api/@tanstack/react-query.gen'
import { Loaded } from '@/components/ui/loaded'
import { Skeleton } from '@/components/ui/skeleton'
import { StatCard } from '@/components/ui/stat-card'
import { useTenantQuery } from '@/lib/requests'
import { useFormat } from '@/lib/use-format'

/** What came of all invitations of a bot. */
export function ReferralCounts({ bot }: { bot: BotOut }) {
  const { t } = useTranslation('referrals')
  const format = useFormat()
  const counts = useTenantQuery((path) => referralsCountOptions({ path: { ...path, bot_id: bot.id } }))
  return (
    <Loaded query={counts} skeleton={<Skeleton className="h-24" />}>
      {({ invited, bought, rewarded, taken_back }) => (
        <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
          <StatCard label={t('counts.invited')} value={format.number(invited)} />
          <StatCard label={t('counts.bought')} value={format.number(bought)} />
          <StatCard label={t('counts.rewarded')} value={format.number(rewarded)} />
          <StatCard label={t('counts.takenBack')} value={format.number(taken_back)} />
        </div>
      )}
    </Loaded>
  )
}
