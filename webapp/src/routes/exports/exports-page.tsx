import { useTranslation } from 'react-i18next'
import { exportsListOptions } from '@/api/@tanstack/react-query.gen'
import { listParams } from '@/components/data-table/list-state'
import { PageBody } from '@/components/layout/page-body'
import { PageHeader } from '@/components/layout/page-header'
import { ExportsTable } from '@/features/exports/components/exports-table'
import { WholeExportButton } from '@/features/exports/components/whole-export-button'
import { isUnderWay } from '@/features/exports/progress'
import { useTenantQuery } from '@/lib/requests'
import { useUrlState } from '@/lib/url-state'

export function Page() {
  const { t } = useTranslation('exports')
  const { value, set } = useUrlState(listParams)
  const { page, size } = value
  const exports = useTenantQuery((path) => exportsListOptions({ path, query: { page, size } }), {
    refetchInterval: ({ state }) => (state.data?.items.some(isUnderWay) ? 1000 : false),
  })
  return (
    <PageBody>
      <PageHeader title={t('title')} description={t('description')} actions={<WholeExportButton />} />
      <ExportsTable query={exports} state={value} onChange={set} />
    </PageBody>
  )
}
