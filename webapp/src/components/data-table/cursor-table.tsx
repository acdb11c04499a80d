import type { UseQueryResult } from '@tanstack/react-query'
import { useTable } from '@tanstack/react-table'
import { ChevronRight, ChevronsLeft, SearchX } from 'lucide-react'
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
import { RowCards } from './row-cards'
import { TableRows } from './table-rows'

export interface CursorPage<Row> {
  items: Row[]
  next_cursor: string | null
}

interface CursorTableProps<Row extends object> {
  /** What the list is of, for those who do not see the heading. */
  label: string
  columns: Columns<Row>
  query: UseQueryResult<CursorPage<Row>>
  rowKey: (row: Row) => string
  rowHref?: (row: Row) => string
  /** The cursor of the URL; empty on the newest page. */
  after: string
  onAfter: (after: string) => void
  isFiltered?: boolean
  onReset?: () => void
  empty: ReactNode
  toolbar?: ReactNode
}

const NO_ROWS: never[] = []
const UNSORTED = { page: 1, size: 25 }
const keep = () => undefined

/** A log that grows while it is read: nobody counts its pages, one goes on to older rows. */
export function CursorTable<Row extends object>(props: CursorTableProps<Row>) {
  const { label, query, after, onAfter, toolbar } = props
  const { t } = useTranslation()
  const next = query.data?.next_cursor ?? null
  return (
    <Card aria-label={label} className="overflow-clip">
      {toolbar !== undefined && <div className="border-b p-3 sm:px-4">{toolbar}</div>}
      <div
        aria-busy={query.isFetching}
        className={cn('transition-opacity', query.isPlaceholderData && 'opacity-60')}
      >
        <Content {...props} />
      </div>
      {(after !== '' || next !== null) && (
        <nav
          aria-label={t('table.pages', { list: label })}
          className="flex flex-wrap justify-between gap-2 border-t px-4 py-2.5"
        >
          <Button size="sm" disabled={after === ''} onClick={() => onAfter('')}>
            <ChevronsLeft aria-hidden />
            {t('table.newest')}
          </Button>
          <Button size="sm" disabled={next === null} onClick={() => next !== null && onAfter(next)}>
            {t('table.older')}
            <ChevronRight aria-hidden />
          </Button>
        </nav>
      )}
    </Card>
  )
}

function Content<Row extends object>(props: CursorTableProps<Row>) {
  const { label, columns, query, rowKey, rowHref, empty, isFiltered = false, onReset } = props
  const { t } = useTranslation()
  const isPhone = useIsPhone()
  const table = useTable({ features, columns, data: query.data?.items ?? NO_ROWS, getRowId: rowKey })
  if (query.data === undefined)
    return query.isError ? (
      <ErrorState error={query.error} onRetry={() => void query.refetch()} />
    ) : (
      <LoadingRows label={label} columns={columns.length} rows={8} isPhone={isPhone} />
    )
  if (!query.data.items.length)
    return isFiltered ? (
      <State
        icon={SearchX}
        title={t('states.noMatchTitle')}
        action={onReset && <Button onClick={onReset}>{t('actions.resetFilters')}</Button>}
      >
        {t('states.noMatchText')}
      </State>
    ) : (
      empty
    )
  const Rows = isPhone ? RowCards : TableRows
  return <Rows label={label} table={table} rowHref={rowHref} state={UNSORTED} onChange={keep} />
}
