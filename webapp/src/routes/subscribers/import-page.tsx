import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router-dom'
import type { ImportOut } from '@/api'
import { importsGetOptions, importsListRowsOptions } from '@/api/@tanstack/react-query.gen'
import { listParams } from '@/components/data-table/list-state'
import { PageBody } from '@/components/layout/page-body'
import { PageHeader } from '@/components/layout/page-header'
import { Badge } from '@/components/ui/badge'
import { Loaded } from '@/components/ui/loaded'
import { Select } from '@/components/ui/select'
import { Skeleton } from '@/components/ui/skeleton'
import { ImportRowsTable } from '@/features/imports/components/import-rows-table'
import { ImportSummary } from '@/features/imports/components/import-summary'
import { OUTCOMES, TONES } from '@/features/imports/outcomes'
import { useTenantQuery } from '@/lib/requests'
import { useCan, useTenantPath } from '@/lib/tenancy'
import { oneOf, useUrlState } from '@/lib/url-state'

const params = { ...listParams, outcome: oneOf(OUTCOMES) }

export function Page() {
  const { t } = useTranslation('imports')
  const { importId = '' } = useParams()
  const path = useTenantPath()
  const can = useCan()
  const query = useTenantQuery((tenant) => importsGetOptions({ path: { ...tenant, import_id: importId } }), {
    refetchInterval: ({ state }) => (state.data?.status === 'running' ? 1000 : false),
  })
  return (
    <PageBody>
      <Loaded query={query} skeleton={<Skeleton className="h-64" />}>
        {(found) => (
          <>
            <PageHeader
              title={found.file_name === '' ? t('unnamed') : found.file_name}
              badge={<Badge tone={TONES[found.status]}>{t(`status.${found.status}`)}</Badge>}
              back={{ to: path('/subscribers/import'), label: t('title') }}
            />
            <ImportSummary found={found} />
            {can('imports-list_rows') && <Rows found={found} />}
          </>
        )}
      </Loaded>
    </PageBody>
  )
}

function Rows({ found }: { found: ImportOut }) {
  const { t } = useTranslation('imports')
  const selectId = useId()
  const { value, set } = useUrlState(params)
  const { page, size, outcome } = value
  const rows = useTenantQuery(
    (tenant) =>
      importsListRowsOptions({
        path: { ...tenant, import_id: found.id },
        query: { page, size, ...(outcome !== undefined && { outcome }) },
      }),
    { refetchInterval: found.status === 'running' ? 2000 : false },
  )
  return (
    <>
      <div className="mt-6 mb-3 flex flex-wrap items-center gap-3">
        <label htmlFor={selectId} className="font-medium">
          {t('rows.show')}
        </label>
        <Select
          id={selectId}
          className="w-64"
          value={outcome ?? ''}
          choices={[
            { value: '', label: t('rows.all') },
            ...OUTCOMES.map((name) => ({ value: name, label: t(`outcomes.${name}`) })),
          ]}
          onChange={({ target }) => set({ outcome: OUTCOMES.find((name) => name === target.value), page: 1 })}
        />
      </div>
      <ImportRowsTable
        read={found.columns}
        isForecast={found.status === 'checked'}
        query={rows}
        state={value}
        onChange={set}
      />
    </>
  )
}
