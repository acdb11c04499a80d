import { Plus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import { broadcastsListOptions } from '@/api/@tanstack/react-query.gen'
import { PageBody } from '@/components/layout/page-body'
import { PageHeader } from '@/components/layout/page-header'
import { Button } from '@/components/ui/button'
import { BroadcastsTable } from '@/features/broadcasts/components/broadcasts-table'
import { listSchema } from '@/features/broadcasts/list-url'
import { useTenantQuery } from '@/lib/requests'
import { useCan, useTenantPath } from '@/lib/tenancy'
import { useUrlState } from '@/lib/url-state'
import { CallBack } from './call-back'

export function Page() {
  const { t } = useTranslation('broadcasts')
  const can = useCan()
  const path = useTenantPath()
  const url = useUrlState(listSchema)
  const { page, size, status } = url.value
  const broadcasts = useTenantQuery((tenant) =>
    broadcastsListOptions({
      path: tenant,
      query: { page, size, ...(status !== undefined && { status: [status] }) },
    }),
  )
  const create = can('broadcasts-create') && (
    <Button asChild variant="primary">
      <Link to={path('/broadcasts/new')}>
        <Plus aria-hidden />
        {t('create.open')}
      </Link>
    </Button>
  )
  return (
    <PageBody>
      <PageHeader
        title={t('title')}
        description={t('description')}
        actions={
          <>
            <CallBack />
            {create}
          </>
        }
      />
      <BroadcastsTable query={broadcasts} url={url} create={create} />
    </PageBody>
  )
}
