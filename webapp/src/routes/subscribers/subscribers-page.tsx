import { useTranslation } from 'react-i18next'
import { plansListOptions, usersListOptions } from '@/api/@tanstack/react-query.gen'
import { PageBody } from '@/components/layout/page-body'
import { PageHeader } from '@/components/layout/page-header'
import { SubscribersTable } from '@/features/subscribers/components/subscribers-table'
import { listParams } from '@/components/data-table/list-state'
import { useTenantQuery } from '@/lib/requests'
import { flag, id, oneOf, text, useUrlState } from '@/lib/url-state'

const params = {
  ...listParams,
  search: text(),
  sort: oneOf(['newest', 'oldest', 'name', 'name_descending'], 'newest'),
  state: oneOf(['active', 'expired', 'never']),
  plan: id(),
  blocked: flag(),
}

export function Page() {
  const { t } = useTranslation('subscribers')
  const url = useUrlState(params)
  const { page, size, search, sort, state, plan, blocked } = url.value
  const subscribers = useTenantQuery((path) =>
    usersListOptions({
      path,
      query: {
        page,
        size,
        search: search || null,
        sort,
        state: state ?? null,
        plan_id: plan ?? null,
        has_blocked_bot: blocked ?? null,
      },
    }),
  )
  const plans = useTenantQuery((path) => plansListOptions({ path, query: { size: 200 } }))
  return (
    <PageBody>
      <PageHeader title={t('title')} description={t('description')} />
      <SubscribersTable query={subscribers} url={url} plans={plans.data?.items ?? []} />
    </PageBody>
  )
}
