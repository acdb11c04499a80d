import { Plus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import { plansListOptions } from '@/api/@tanstack/react-query.gen'
import { listParams } from '@/components/data-table/list-state'
import { PageBody } from '@/components/layout/page-body'
import { PageHeader } from '@/components/layout/page-header'
import { Button } from '@/components/ui/button'
import { LostChannels } from '@/features/channels/components/lost-channels'
import { PlansTable } from '@/features/plans/components/plans-table'
import { useTenantQuery } from '@/lib/requests'
import { useCan, useTenantPath } from '@/lib/tenancy'
import { oneOf, text, useUrlState } from '@/lib/url-state'

const params = { ...listParams, search: text(), show: oneOf(['live', 'archived'], 'live') }

export function Page() {
  const { t } = useTranslation('plans')
  const can = useCan()
  const path = useTenantPath()
  const url = useUrlState(params)
  const { page, size, search, show } = url.value
  const plans = useTenantQuery((tenant) =>
    plansListOptions({
      path: tenant,
      query: { page, size, search: search || null, is_archived: show === 'archived' },
    }),
  )
  const create = can('plans-create') && (
    <Button asChild variant="primary">
      <Link to={path('/plans/new')}>
        <Plus aria-hidden />
        {t('create.open')}
      </Link>
    </Button>
  )
  return (
    <PageBody>
      <PageHeader title={t('title')} description={t('description')} actions={create} />
      <LostChannels />
      <PlansTable query={plans} url={url} create={create} />
    </PageBody>
  )
}
