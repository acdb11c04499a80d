import type { useTable } from '@tanstack/react-table'
import type { ReactNode } from 'react'
import type { Columns, features } from './columns'

export interface ListState {
  page: number
  size: number
  sort?: string | undefined
}

/** What every list is made of, however one goes on to its other rows. */
export interface ListLook<Row extends object> {
  /** What the list is of, for those who do not see the heading. */
  label: string
  columns: Columns<Row>
  rowKey: (row: Row) => string
  /** Where a click on the row leads. */
  rowHref?: ((row: Row) => string) | undefined
  /** Filters hide something, so that an empty list is "nothing found". */
  isFiltered?: boolean | undefined
  onReset?: (() => void) | undefined
  /** What an empty list says, and what to do about it: a `State`. */
  empty: ReactNode
  /** Filters, above the rows. */
  toolbar?: ReactNode
}

export interface RowsProps<Row extends object> {
  label: string
  rowHref: ((row: Row) => string) | undefined
  state: ListState
  onChange: (changes: Partial<ListState>) => void
  table: ReturnType<typeof useTable<typeof features, Row>>
}
