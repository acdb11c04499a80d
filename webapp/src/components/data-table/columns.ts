import { type TableOptions, createColumnHelper, tableFeatures } from '@tanstack/react-table'

export interface ColumnMeta {
  /** What the server calls the two sortings by this column; without them the column cannot be sorted. */
  sort?: { ascending: string; descending: string }
  align?: 'end'
  /** `wide` leaves the column out under 1024 px, `table` leaves it off the phone's cards. */
  show?: 'wide' | 'table'
  /** The first line of the phone's card, and the row's link. One column has it. */
  isTitle?: boolean
  /** Buttons or a menu: no label on cards. */
  isActions?: boolean
  className?: string
}

/** The server sorts, filters and pages: the table needs no feature of its own. */
export const features = tableFeatures({ columnMeta: {} as ColumnMeta })

export type Columns<Row extends object> = TableOptions<typeof features, Row>['columns']

/** `const column = columnsOf<PlanOut>()`, then `column.columns([column.accessor('title', {…}), column.display({…})])`. */
export function columnsOf<Row extends object>() {
  return createColumnHelper<typeof features, Row>()
}
