import type { UseQueryResult } from '@tanstack/react-query'
import { Ticket } from 'lucide-react'
import { type ReactNode, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { CountedPageOutPromoCodeOut, PlanOut, PromoCodeOut } from '@/api'
import { columnsOf } from '@/components/data-table/columns'
import { DataTable } from '@/components/data-table/data-table'
import { FilterSelect, FiltersBar } from '@/components/data-table/filters-bar'
import { Moment } from '@/components/ui/moment'
import { State } from '@/components/ui/state'
import { useTenantPath } from '@/lib/tenancy'
import { useFormat } from '@/lib/use-format'
import type { ListUrl } from '../list-url'
import { CodeState } from './code-state'
import { Discount } from './discount'

interface CodesTableProps {
  query: UseQueryResult<CountedPageOutPromoCodeOut>
  url: ListUrl
  plans: PlanOut[]
  /** The button that makes a code, for the empty list. */
  create: ReactNode
}

const column = columnsOf<PromoCodeOut>()

export function CodesTable({
  query,
  url: { value, set, reset, isFiltered },
  plans,
  create,
}: CodesTableProps) {
  const { t } = useTranslation('promo-codes')
  const path = useTenantPath()
  const columns = useMemo(
    () =>
      column.columns([
        column.accessor('code', {
          header: t('columns.code'),
          meta: { isTitle: true },
          cell: ({ getValue }) => <span className="font-mono">{getValue()}</span>,
        }),
        column.display({
          id: 'discount',
          header: t('columns.discount'),
          cell: ({ row }) => <Discount {...row.original} />,
        }),
        column.display({
          id: 'uses',
          header: t('columns.uses'),
          cell: ({ row }) => <Uses code={row.original} />,
        }),
        column.accessor('valid_until_at', {
          header: t('columns.until'),
          meta: { show: 'wide' },
          cell: ({ getValue }) => <Moment at={getValue()} as="lastDay" fallback={t('noEnd')} />,
        }),
        column.display({
          id: 'state',
          header: t('columns.state'),
          cell: ({ row }) => <CodeState code={row.original} />,
        }),
        column.accessor('created_at', {
          header: t('columns.created'),
          meta: { align: 'end', show: 'wide' },
          cell: ({ getValue }) => <Moment at={getValue()} as="date" />,
        }),
      ]),
    [t],
  )
  return (
    <DataTable
      label={t('title')}
      columns={columns}
      query={query}
      rowKey={({ id: key }) => key}
      rowHref={({ id: key }) => path(`/promo-codes/${key}`)}
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
          <FilterSelect
            label={t('columns.state')}
            value={value.active === undefined ? undefined : value.active ? 'yes' : 'no'}
            choices={[
              { value: 'yes', label: t('filters.on') },
              { value: 'no', label: t('filters.off') },
            ]}
            onChange={(chosen) => set({ active: chosen === undefined ? undefined : chosen === 'yes' })}
          />
          {plans.length > 0 && (
            <FilterSelect
              label={t('filters.plan')}
              value={value.plan}
              choices={plans.map((plan) => ({ value: plan.id, label: plan.title }))}
              onChange={(plan) => set({ plan })}
            />
          )}
        </FiltersBar>
      }
      empty={
        <State icon={Ticket} title={t('empty.title')} action={create}>
          {t('empty.text')}
        </State>
      }
    />
  )
}

function Uses({ code: { uses_count, max_uses } }: { code: PromoCodeOut }) {
  const { t } = useTranslation('promo-codes')
  const format = useFormat()
  return (
    <span className="tabular-nums">
      {max_uses === null
        ? format.number(uses_count)
        : t('usesOf', { used: format.number(uses_count), total: format.number(max_uses) })}
    </span>
  )
}
