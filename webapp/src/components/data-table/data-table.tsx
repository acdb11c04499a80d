import type { UseQueryResult } from '@tanstack/react-query'
import { useTable } from '@tanstack/react-table'
import { SearchX } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { ErrorState } from '@/components/ui/error-state'
import { State } from '@/components/ui/state'
import { cn } from '@/lib/cn'
import { useIsPhone } from '@/lib/use-media'
import { type Columns, features } from './columns'
import { LoadingRows } from './loading-rows'
import { Pagination } from './pagination'
import { RowCards } from './row-cards'
import { TableRows } from './table-rows'

export interface Page<Row> {
  items: Row[]
  total: number
  page: number
  size: number
  /** Of a very long list the server counts only so far. */
  is_total_exact?: boolean
}

export interface ListState {
  page: number
  size: number
  sort?: string | undefined
}

interface DataTableProps<Row extends object> {
  /** What the list is of, for those who do not see the heading. */
  label: string
  columns: Columns<Row>
  query: UseQueryResult<Page<Row>>
  rowKey: (row: Row) => string
  /** Where a click on the row leads. */
  rowHref?: (row: Row) => string
  state: ListState
  /** `set` of `useUrlState`. */
  onChange(changes: Partial<ListState>): void
  /** Filters hide something, so that an empty list is "nothing found". */
  isFiltered?: boolean
  onReset?: () => void
  /** What an empty list says, and what to do about it: a `State`. */
  empty: ReactNode
  /** Filters, above the rows. */
  toolbar?: ReactNode
}

export type RowsProps<Row extends object> = Pick<
  DataTableProps<Row>,
  'label' | 'rowHref' | 'state' | 'onChange'
> & {
  table: ReturnType<typeof useTable<typeof features, Row>>
}

const NO_ROWS: never[] = []

/** A list whose pages come from the server: a table, on phones cards; each of its states looks different. */
export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const { label, query, state, onChange, toolbar } = props
  const total = query.data?.total ?? 0
  return (
    <Card aria-label={label} className="overflow-clip">
      {toolbar !== undefined && <div className="border-b p-3 sm:px-4">{toolbar}</div>}
      <div
        aria-busy={query.isFetching}
        className={cn('transition-opacity', query.isPlaceholderData && 'opacity-60')}
      >
        <Content {...props} />
      </div>
      {total > 0 && (
        <Pagination
          label={label}
          total={total}
          isExact={query.data?.is_total_exact ?? true}
          state={state}
          onChange={onChange}
        />
      )}
    </Card>
  )
}

function Content<Row extends object>(props: DataTableProps<Row>) {
  const {
    label,
    columns,
    query,
    rowKey,
    rowHref,
    state,
    onChange,
    empty,
    isFiltered = false,
    onReset,
  } = props
  const isPhone = useIsPhone()
  const table = useTable({ features, columns, data: query.data?.items ?? NO_ROWS, getRowId: rowKey })
  if (query.data === undefined)
    return query.isError ? (
      <ErrorState error={query.error} onRetry={() => void query.refetch()} />
    ) : (
      <LoadingRows label={label} columns={columns.length} rows={Math.min(state.size, 8)} isPhone={isPhone} />
    )
  if (query.data.total === 0) return isFiltered ? <NoMatch onReset={onReset} /> : empty
  const Rows = isPhone ? RowCards : TableRows
  return <Rows label={label} table={table} rowHref={rowHref} state={state} onChange={onChange} />
}

function NoMatch({ onReset }: { onReset: (() => void) | undefined }) {
  const { t } = useTranslation()
  return (
    <State
      icon={SearchX}
      title={t('states.noMatchTitle')}
      action={onReset && <Button onClick={onReset}>{t('actions.resetFilters')}</Button>}
    >
      {t('states.noMatchText')}
    </State>
  )
}
