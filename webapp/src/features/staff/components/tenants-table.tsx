import type { UseQueryResult } from '@tanstack/react-query'
import { Building2 } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { TenantHealthOut } from '@/api'
import { columnsOf } from '@/components/data-table/columns'
import { type CursorPage, CursorTable } from '@/components/data-table/cursor-table'
import { FilterSelect, FiltersBar } from '@/components/data-table/filters-bar'
import { Badge } from '@/components/ui/badge'
import { Moment } from '@/components/ui/moment'
import { State } from '@/components/ui/state'
import { Troubles } from './troubles'

type Status = 'active' | 'suspended'

interface TenantsTableProps {
  query: UseQueryResult<CursorPage<TenantHealthOut>>
  url: {
    value: { search: string; status: Status | undefined; after: string }
    set: (
      changes: Partial<{ search: string; status: Status | undefined; after: string }>,
      options?: { replace?: boolean },
    ) => void
    reset: () => void
    isFiltered: boolean
  }
}

const STATUSES = ['active', 'suspended'] as const
const column = columnsOf<TenantHealthOut>()

export function TenantsTable({ query, url: { value, set, reset } }: TenantsTableProps) {
  const { t } = useTranslation('staff')
  const columns = useMemo(
    () =>
      column.columns([
        column.accessor('name', { header: t('tenants.name'), meta: { isTitle: true } }),
        column.accessor('status', {
          header: t('tenants.status'),
          cell: ({ getValue }) => (
            <Badge tone={getValue() === 'active' ? 'neutral' : 'danger'}>{t(`status.${getValue()}`)}</Badge>
          ),
        }),
        column.display({
          id: 'health',
          header: t('tenants.health'),
          cell: ({ row }) => <Troubles tenant={row.original} />,
        }),
        column.accessor('bots', { header: t('tenants.bots'), meta: { align: 'end', show: 'wide' } }),
        column.accessor('last_update_at', {
          header: t('tenants.lastUpdate'),
          cell: ({ getValue }) => <Moment at={getValue()} />,
        }),
        column.accessor('created_at', {
          header: t('tenants.created'),
          meta: { align: 'end', show: 'wide' },
          cell: ({ getValue }) => <Moment at={getValue()} as="date" />,
        }),
      ]),
    [t],
  )
  const isFiltered = value.search !== '' || value.status !== undefined
  return (
    <CursorTable
      label={t('tenants.title')}
      columns={columns}
      query={query}
      rowKey={({ id }) => id}
      rowHref={({ id }) => `/staff/tenants/${id}`}
      after={value.after}
      onAfter={(after) => set({ after })}
      isFiltered={isFiltered}
      onReset={reset}
      toolbar={
        <FiltersBar
          search={{
            value: value.search,
            placeholder: t('tenants.search'),
            onChange: (search) => set({ search, after: '' }, { replace: true }),
          }}
          isFiltered={isFiltered}
          onReset={reset}
        >
          <FilterSelect
            label={t('tenants.anyStatus')}
            value={value.status}
            choices={STATUSES.map((status) => ({ value: status, label: t(`status.${status}`) }))}
            onChange={(status) => set({ status: status as Status | undefined, after: '' })}
          />
        </FiltersBar>
      }
      empty={<State icon={Building2} title={t('tenants.empty')} />}
    />
  )
}
