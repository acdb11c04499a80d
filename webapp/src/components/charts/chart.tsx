import { Suspense, lazy, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Skeleton } from '@/components/ui/skeleton'
import { cn } from '@/lib/cn'
import type { ChartData } from './types'

const Drawing = lazy(() => import('./drawing'))

interface ChartProps<Key extends string> extends ChartData<Key> {
  /** What the chart says, in one sentence: read out instead of the picture. */
  summary: string
  className?: string
}

/** A picture of figures, and the same figures as a table for whoever cannot or will not look at it. */
export function Chart<Key extends string>({ summary, className, ...data }: ChartProps<Key>) {
  const { t } = useTranslation()
  const tableId = useId()
  const [isTableShown, setIsTableShown] = useState(false)
  const show = data.format ?? String
  return (
    <figure className={className}>
      <div role="img" aria-label={summary} className="h-64">
        <Suspense fallback={<Skeleton className="h-full" />}>
          <Drawing {...data} />
        </Suspense>
      </div>
      <figcaption className="mt-3 flex flex-wrap items-center justify-between gap-2">
        <ul className="flex flex-wrap gap-x-4 gap-y-1 text-xs text-muted-foreground">
          {data.series.map(({ key, label }, index) => (
            <li key={key} className="flex items-center gap-1.5">
              <span className={cn('size-2.5 rounded-full', SWATCHES[index % SWATCHES.length])} aria-hidden />
              {label}
            </li>
          ))}
        </ul>
        <Button
          variant="ghost"
          size="sm"
          aria-expanded={isTableShown}
          aria-controls={tableId}
          onClick={() => setIsTableShown(!isTableShown)}
        >
          {t(isTableShown ? 'chart.hideTable' : 'chart.showTable')}
        </Button>
      </figcaption>
      <div id={tableId} hidden={!isTableShown} className="mt-2 max-h-72 overflow-auto rounded-md border">
        <table className="w-full text-left">
          <caption className="sr-only">{summary}</caption>
          <thead>
            <tr className="border-b text-xs text-muted-foreground">
              <th scope="col" className="px-3 py-2 font-medium">
                {data.pointsLabel}
              </th>
              {data.series.map(({ key, label }) => (
                <th key={key} scope="col" className="px-3 py-2 text-right font-medium">
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {data.points.map((point) => (
              <tr key={point.label} className="border-b last:border-b-0">
                <th scope="row" className="px-3 py-1.5 font-normal">
                  {point.label}
                </th>
                {data.series.map(({ key }) => (
                  <td key={key} className="px-3 py-1.5 text-right tabular-nums">
                    {show(point.values[key])}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  )
}

const SWATCHES = ['bg-chart-1', 'bg-chart-2', 'bg-chart-3', 'bg-chart-4', 'bg-chart-5']
