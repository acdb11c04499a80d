import type { UseQueryResult } from '@tanstack/react-query'
import type { ListLook, ListState } from './list'
import { ListCard } from './list-card'
import { Pagination } from './pagination'

export type { ListState } from './list'

export interface Page<Row> {
  items: Row[]
  total: number
  page: number
  size: number
  /** Of a very long list the server counts only so far. */
  is_total_exact?: boolean
}

/** The rows of a list, and which of them the URL asks for. */
export interface Paged<Row extends object> {
  query: UseQueryResult<Page<Row>>
  state: ListState
  /** `set` of `useUrlState`. */
  onChange(changes: Partial<ListState>): void
}

/** A list whose pages come from the server. */
export function DataTable<Row extends object>(props: ListLook<Row> & Paged<Row>) {
  const { label, query, state, onChange } = props
  const total = query.data?.total ?? 0
  return (
    <ListCard {...props} isEmpty={total === 0}>
      {total > 0 && (
        <Pagination
          label={label}
          total={total}
          isExact={query.data?.is_total_exact ?? true}
          state={state}
          onChange={onChange}
        />
      )}
    </ListCard>
  )
}
