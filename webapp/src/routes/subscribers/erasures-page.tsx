import { useTranslation } from 'react-i18next'
import { erasuresListOptions } from '@/api/@tanstack/react-query.gen'
import { PageBody } from '@/components/layout/page-body'
import { PageHeader } from '@/components/layout/page-header'
import { ErasuresTable } from '@/features/erasures/components/erasures-table'
import { listSchema } from '@/features/erasures/list-url'
import { useTenantQuery } from '@/lib/requests'
import { useTenantPath } from '@/lib/tenancy'
import { useUrlState } from '@/lib/url-state'

export function Page() {
  const { t } = useTranslation('erasures')
  const path = useTenantPath()
  const url = useUrlState(listSchema)
  const { page, size, state, asked } = url.value
  const erasures = useTenantQuery((tenant) =>
    erasuresListOptions({
      path: tenant,
      query: {
        page,
        size,
        is_open: state === undefined ? null : state === 'open',
        asked_by: asked ?? null,
      },
    }),
  )
  return (
    <PageBody>
      <PageHeader
        title={t('title')}
        description={t('description')}
        back={{ to: path('/subscribers'), label: t('back') }}
      />
      <ErasuresTable query={erasures} url={url} />
    </PageBody>
  )
}
