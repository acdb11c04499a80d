import { Link } from 'react-router-dom'
import { cn } from '@/lib/cn'
import type { RowsProps } from './list'

/** The same rows on a phone: a card each, with the columns as lines; those with an empty text or list are left out. */
export function RowCards<Row extends object>({ label, table, rowHref }: RowsProps<Row>) {
  const headers = new Map(table.getHeaderGroups()[0]?.headers.map((header) => [header.column.id, header]))
  return (
    <ul aria-label={label} className="divide-y">
      {table.getRowModel().rows.map((row) => {
        const cells = row.getAllCells().filter(({ column }) => column.columnDef.meta?.show !== 'table')
        const title = cells.find(({ column }) => column.columnDef.meta?.isTitle)
        const actions = cells.find(({ column }) => column.columnDef.meta?.isActions)
        const lines = cells.filter((cell) => cell !== title && cell !== actions && !isEmpty(cell.getValue()))
        return (
          <li key={row.id} className={cn('px-4 py-3', rowHref && 'relative active:bg-hover')}>
            <div className="flex items-start justify-between gap-3">
              <div className="min-w-0 font-semibold">
                {title && rowHref ? (
                  <Link to={rowHref(row.original)} className="after:absolute after:inset-0">
                    <table.FlexRender cell={title} />
                  </Link>
                ) : (
                  title && <table.FlexRender cell={title} />
                )}
              </div>
              {actions && (
                <div className="relative z-10 -my-1.5 -mr-2">
                  <table.FlexRender cell={actions} />
                </div>
              )}
            </div>
            <dl className="mt-1.5 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
              {lines.map((cell) => {
                const header = headers.get(cell.column.id)
                return (
                  <div key={cell.id} className="contents">
                    <dt className="text-muted-foreground">
                      {header && <table.FlexRender header={header} />}
                    </dt>
                    <dd className="min-w-0 text-right">
                      <table.FlexRender cell={cell} />
                    </dd>
                  </div>
                )
              })}
            </dl>
          </li>
        )
      })}
    </ul>
  )
}

function isEmpty(value: unknown): boolean {
  return value === '' || (Array.isArray(value) && value.length === 0)
}
