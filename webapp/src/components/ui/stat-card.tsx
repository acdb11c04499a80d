import { ArrowDownRight, ArrowUpRight } from 'lucide-react'
import type { ReactNode } from 'react'
import { Link } from 'react-router-dom'
import { cn } from '@/lib/cn'
import { useFormat } from '@/lib/use-format'
import { Hint } from './tooltip'

interface StatCardProps {
  label: string
  value: ReactNode
  /** What the figure means exactly. */
  definition?: string
  /** Change against the period before, as a ratio: 0.12 is +12 %. */
  change?: number | null
  /** What the change is measured against, in words. */
  comparedTo?: string
  /** More is worse, as with churn. */
  isMoreWorse?: boolean
  /** What the figure has left out or in, in a few words. */
  note?: string | undefined
  /** The filtered list behind the figure. */
  to?: string
}

export function StatCard({
  label,
  value,
  definition,
  change,
  comparedTo,
  isMoreWorse = false,
  note,
  to,
}: StatCardProps) {
  return (
    <div className="relative rounded-lg border bg-card p-4 shadow-card transition-colors hover:has-[a]:bg-hover/40">
      <div className="flex items-center gap-1.5">
        {to === undefined ? (
          <span className="text-muted-foreground">{label}</span>
        ) : (
          <Link to={to} className="text-muted-foreground after:absolute after:inset-0 after:rounded-lg">
            {label}
          </Link>
        )}
        {definition !== undefined && (
          <span className="relative z-10 inline-flex">
            <Hint text={definition} label={`${label}: ${definition}`} />
          </span>
        )}
      </div>
      <p className="mt-1.5 text-2xl font-semibold tracking-tight tabular-nums">{value}</p>
      <Change change={change} comparedTo={comparedTo} isMoreWorse={isMoreWorse} />
      {note !== undefined && <p className="mt-1 text-xs text-muted-foreground">{note}</p>}
    </div>
  )
}

function Change({
  change,
  comparedTo,
  isMoreWorse,
}: Pick<StatCardProps, 'change' | 'comparedTo' | 'isMoreWorse'>) {
  const format = useFormat()
  if (change === undefined || change === null) return null
  const isGood = change === 0 ? undefined : change > 0 !== isMoreWorse
  const Icon = change < 0 ? ArrowDownRight : ArrowUpRight
  return (
    <p className="mt-1 flex flex-wrap items-center gap-x-1.5 text-xs">
      <span
        className={cn(
          'inline-flex items-center gap-0.5 font-medium',
          isGood === undefined ? 'text-muted-foreground' : isGood ? 'text-success' : 'text-danger',
        )}
      >
        {change !== 0 && <Icon className="size-3.5" aria-hidden />}
        {change > 0 && '+'}
        {format.percent(change)}
      </span>
      {comparedTo !== undefined && <span className="text-muted-foreground">{comparedTo}</span>}
    </p>
  )
}
