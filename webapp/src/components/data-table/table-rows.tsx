import type { Header } from '@tanstack/react-table'
import { ArrowDown, ArrowUp, ChevronsUpDown } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import { cn } from '@/lib/cn'
import type { ColumnMeta, features } from './columns'
import type { ListState, RowsProps } from './list'

function cellClass(meta: ColumnMeta | undefined): string {
  return cn(
    'px-3 py-2.5 first:pl-4 last:pr-4',
    meta?.align === 'end' && 'text-right tabular-nums',
    meta?.show === 'wide' && 'hidden lg:table-cell',
    meta?.isActions && 'w-px text-right whitespace-nowrap',
    meta?.className,
  )
}

export function TableRows<Row extends object>({ label, table, rowHref, state, onChange }: RowsProps<Row>) {
  return (
    <div className="overflow-x-auto">
      <table className="w-full text-left">
        <caption className="sr-only">{label}</caption>
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id} className="border-b">
              {group.headers.map((header) => (
                <HeaderCell key={header.id} header={header} state={state} onChange={onChange}>
                  <table.FlexRender header={header} />
                </HeaderCell>
              ))}
            </tr>
          ))}
        </thead>
        <tbody>
          {table.getRowModel().rows.map((row) => (
            <tr
              key={row.id}
              className={cn('h-13 border-b last:border-b-0', rowHref && 'relative hover:bg-hover/50')}
            >
              {row.getAllCells().map((cell) => {
                const { meta } = cell.column.columnDef
                const content = <table.FlexRender cell={cell} />
                return (
                  <td key={cell.id} className={cellClass(meta)}>
                    {rowHref && meta?.isTitle ? (
                      <Link to={rowHref(row.original)} className="font-medium after:absolute after:inset-0">
                        {content}
                      </Link>
                    ) : (
                      <div className={cn(rowHref && meta?.isActions && 'relative z-10')}>{content}</div>
                    )}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

interface HeaderCellProps<Row extends object> {
  header: Header<typeof features, Row>
  state: ListState
  onChange: (changes: Partial<ListState>) => void
  children: ReactNode
}

/** A second press turns the sorting round. */
function HeaderCell<Row extends object>({ header, state, onChange, children }: HeaderCellProps<Row>) {
  const { t } = useTranslation()
  const { meta } = header.column.columnDef
  const className = cn(cellClass(meta), 'py-2 text-xs font-medium whitespace-nowrap text-muted-foreground')
  const sort = meta?.sort
  if (sort === undefined)
    return (
      <th scope="col" className={className}>
        {meta?.isActions ? <span className="sr-only">{t('table.rowActions')}</span> : children}
      </th>
    )
  const direction =
    state.sort === sort.ascending ? 'ascending' : state.sort === sort.descending ? 'descending' : 'none'
  const Icon = { ascending: ArrowUp, descending: ArrowDown, none: ChevronsUpDown }[direction]
  return (
    <th scope="col" aria-sort={direction} className={className}>
      <button
        type="button"
        className="-mx-1 inline-flex items-center gap-1 rounded-sm px-1 hover:text-foreground"
        onClick={() => onChange({ sort: direction === 'ascending' ? sort.descending : sort.ascending })}
      >
        {children}
        <Icon className={cn('size-3.5', direction === 'none' && 'opacity-50')} aria-hidden />
      </button>
    </th>
  )
}
