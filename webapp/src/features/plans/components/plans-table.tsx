import type { UseQueryResult } from '@tanstack/react-query'
import { CreditCard } from 'lucide-react'
import { type ReactNode, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { PageOutPlanOut, PlanOut } from '@/api'
import { columnsOf } from '@/components/data-table/columns'
import { DataTable, type ListState } from '@/components/data-table/data-table'
import { FiltersBar } from '@/components/data-table/filters-bar'
import { Select } from '@/components/ui/select'
import { State } from '@/components/ui/state'
import { useTenantPath } from '@/lib/tenancy'
import { useFormat } from '@/lib/use-format'
import { PlanKinds } from './plan-kinds'
import { PlanMenu } from './plan-menu'
import { PlanPeriod } from './plan-period'
import { PlanPlaces } from './plan-places'
import { PlanStatus } from './plan-status'

type Value = ListState & { search: string; show: 'live' | 'archived' }

interface PlansTableProps {
  query: UseQueryResult<PageOutPlanOut>
  url: {
    value: Value
    set: (changes: Partial<Value>, options?: { replace?: boolean }) => void
    reset: () => void
    isFiltered: boolean
  }
  /** The button that makes a plan, for the empty list. */
  create: ReactNode
}

const column = columnsOf<PlanOut>()

export function PlansTable({ query, url: { value, set, reset, isFiltered }, create }: PlansTableProps) {
  const { t } = useTranslation('plans')
  const format = useFormat()
  const path = useTenantPath()
  const columns = useMemo(
    () =>
      column.columns([
        column.accessor('title', { header: t('columns.title'), meta: { isTitle: true } }),
        column.accessor('price', {
          header: t('columns.price'),
          meta: { align: 'end' },
          cell: ({ getValue, row: { original } }) => (
            <span className="tabular-nums">
              {getValue().amount_minor === 0 ? t('free') : format.money(getValue())}
              {original.stars !== null && (
                <span className="block text-muted-foreground">
                  {format.money({ amount_minor: original.stars, currency: 'XTR' })}
                </span>
              )}
            </span>
          ),
        }),
        column.display({
          id: 'period',
          header: t('columns.period'),
          cell: ({ row }) => <PlanPeriod plan={row.original} />,
        }),
        column.accessor('channel_ids', {
          header: t('columns.channels'),
          meta: { show: 'wide' },
          cell: ({ getValue }) => (
            <span className="whitespace-nowrap">{t('channels', { count: getValue().length })}</span>
          ),
        }),
        // Empty where there is no limit, so that a phone leaves the line out.
        column.accessor(({ capacity }) => capacity ?? '', {
          id: 'places',
          header: t('columns.places'),
          meta: { show: 'wide' },
          cell: ({ row }) => <PlanPlaces plan={row.original} />,
        }),
        column.display({
          id: 'status',
          header: t('columns.status'),
          cell: ({ row }) => (
            <span className="flex flex-wrap gap-1">
              <PlanStatus plan={row.original} />
              <PlanKinds plan={row.original} />
            </span>
          ),
        }),
        column.display({
          id: 'actions',
          meta: { isActions: true },
          cell: ({ row }) => <PlanMenu plan={row.original} />,
        }),
      ]),
    [t, format],
  )
  return (
    <DataTable
      label={t('title')}
      columns={columns}
      query={query}
      rowKey={({ id }) => id}
      rowHref={({ id }) => path(`/plans/${id}`)}
      state={value}
      onChange={set}
      isFiltered={isFiltered}
      onReset={reset}
      toolbar={
        <FiltersBar
          search={{
            value: value.search,
            placeholder: t('search'),
            onChange: (search) => set({ search }, { replace: true }),
          }}
          isFiltered={isFiltered}
          onReset={reset}
        >
          <Select
            className="w-auto min-w-36"
            aria-label={t('filters.show')}
            value={value.show}
            onChange={(event) => set({ show: event.target.value as Value['show'] })}
            choices={(['live', 'archived'] as const).map((show) => ({
              value: show,
              label: t(`filters.${show}`),
            }))}
          />
        </FiltersBar>
      }
      empty={
        <State icon={CreditCard} title={t('empty.title')} action={create}>
          {t('empty.text')}
        </State>
      }
    />
  )
}
