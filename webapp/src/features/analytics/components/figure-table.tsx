import type { ReactNode } from 'react'
import { ScrollBox } from '@/components/ui/scroll-box'
import { cn } from '@/lib/cn'

interface FigureTableProps {
  caption: string
  head: readonly string[]
  /** The first cell of a row names it; the others are figures. */
  rows: readonly { key: string; cells: readonly ReactNode[] }[]
  /** How many columns are words and stand at the left. */
  words?: number
}

export function FigureTable({ caption, head, rows, words = 1 }: FigureTableProps) {
  return (
    <ScrollBox label={caption} className="border-t">
      <table className="w-full text-left">
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr className="border-b text-xs text-muted-foreground">
            {head.map((name, index) => (
              <th
                key={name}
                scope="col"
                className={cn('px-4 py-2 font-medium sm:px-5', index >= words && 'text-right')}
              >
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, cells: [first, ...rest] }) => (
            <tr key={key} className="border-b last:border-b-0 hover:bg-hover/50">
              <th scope="row" className="px-4 py-2 font-normal whitespace-nowrap sm:px-5">
                {first}
              </th>
              {rest.map((cell, index) => (
                <td
                  key={head[index + 1]}
                  className={cn(
                    'px-4 py-2 whitespace-nowrap tabular-nums sm:px-5',
                    index + 1 >= words && 'text-right',
                  )}
                >
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  )
}
