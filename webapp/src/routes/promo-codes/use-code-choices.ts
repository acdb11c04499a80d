import { botsListOptions, plansListOptions } from '@/api/@tanstack/react-query.gen'
import { useTenantQuery } from '@/lib/requests'

/** What a code can belong to: the working bots, the plans on sale, and the currency that these have. */
export function useCodeChoices() {
  const bots = useTenantQuery((path) => botsListOptions({ path, query: { size: 100 } }))
  const plans = useTenantQuery((path) => plansListOptions({ path, query: { size: 200 } }))
  const live = plans.data?.items.filter(({ archived_at }) => archived_at === null) ?? []
  return {
    query: bots,
    bots: bots.data?.items.filter(({ status }) => status !== 'deleted') ?? [],
    plans: live,
    currency: live[0]?.price.currency ?? 'RUB',
  }
}
