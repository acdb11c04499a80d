import {
  botsListOptions,
  channelsListOptions,
  plansListOptions,
  promoCodesListOptions,
  usersListTagsOptions,
} from '@/api/@tanstack/react-query.gen'
import { useTenantQuery } from '@/lib/requests'

/** What a broadcast can be sent by, lead to, and be narrowed by. */
export function useDraftChoices() {
  const bots = useTenantQuery((path) => botsListOptions({ path, query: { size: 100 } }))
  const plans = useTenantQuery((path) => plansListOptions({ path, query: { size: 200 } }))
  const codes = useTenantQuery((path) => promoCodesListOptions({ path, query: { size: 200 } }))
  const channels = useTenantQuery((path) => channelsListOptions({ path, query: { size: 200 } }))
  const tags = useTenantQuery((path) => usersListTagsOptions({ path }))
  return {
    query: bots,
    bots: bots.data?.items.filter(({ status }) => status !== 'deleted') ?? [],
    plans: plans.data?.items ?? [],
    codes: codes.data?.items ?? [],
    filters: {
      plans: plans.data?.items ?? [],
      channels: channels.data?.items ?? [],
      tags: tags.data?.tags ?? [],
    },
  }
}
