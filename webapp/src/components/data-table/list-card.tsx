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
import { features } from './columns'
import type { ListLook, ListState } from './list'
import { LoadingRows } from './loading-rows'
import { RowCards } from './row-cards'
import { TableRows } from './table-rows'

interface ListCardProps<Row extends object> extends ListLook<Row> {
  query: UseQueryResult<{ items: Row[] }>
  state: ListState
  onChange: (changes: Partial<ListState>) => void
  /** A page that lies behind the last one has no rows, of a list that has some. */
  isEmpty: boolean
  /** How one goes on, below the rows. */
  children: ReactNode
}

const NO_ROWS: never[] = []

/** The rows as a table, on phones as cards; each state of the list looks different. */
export function ListCard<Row extends object>(props: ListCardProps<Row>) {
  const { label, query, toolbar, children } = props
  return (
    <Card aria-label={label} className="overflow-clip">
      {toolbar !== undefined && <div className="border-b p-3 sm:px-4">{toolbar}</div>}
      <div
        aria-busy={query.isFetching}
        className={cn('transition-opacity', query.isPlaceholderData && 'opacity-60')}
      >
        <Content {...props} />
      </div>
      {children}
    </Card>
  )
}

function Content<Row extends object>(props: ListCardProps<Row>) {
  const { label, columns, query, rowKey, rowHref, state, onChange, isEmpty, empty } = props
  const isPhone = useIsPhone()
  const table = useTable({ features, columns, data: query.data?.items ?? NO_ROWS, getRowId: rowKey })
  if (query.data === undefined)
    return query.isError ? (
      <ErrorState error={query.error} onRetry={() => void query.refetch()} />
    ) : (
      <LoadingRows label={label} columns={columns.length} rows={Math.min(state.size, 8)} isPhone={isPhone} />
    )
  if (isEmpty) return props.isFiltered ? <NoMatch onReset={props.onReset} /> : empty
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
