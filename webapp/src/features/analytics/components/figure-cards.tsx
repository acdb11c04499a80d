import { useTranslation } from 'react-i18next'
import type { CountCardOut, DashboardOut, ListLinkOut, MoneyCardsOut } from '@/api'
import { StatCard } from '@/components/ui/stat-card'
import { cn } from '@/lib/cn'
import { useFormat } from '@/lib/use-format'
import { useLabels } from '../use-labels'

interface FigureCardsProps {
  dashboard: DashboardOut
  /** The page that shows the list a card leads to. */
  toList: (list: ListLinkOut) => string | undefined
}

export function FigureCards({ dashboard, toList }: FigureCardsProps) {
  const { t } = useTranslation('analytics')
  const format = useFormat()
  const labels = useLabels()
  const { previous: before, period } = dashboard
  const isOneYear = [before.first_day, period.last_day].every((day) =>
    day.startsWith(period.first_day.slice(0, 4)),
  )
  const comparedTo = t('comparedTo', { period: isOneYear ? labels.days(before) : labels.span(before) })
  const { rate, previous } = dashboard.churn_rate
  const counts = (name: 'active' | 'new' | 'churned', card: CountCardOut) => ({
    label: t(`cards.${name}.label`),
    definition: t(`cards.${name}.definition`),
    value: format.number(card.count),
    change: toRatio(card.change_percent),
    comparedTo,
    ...optional(toList(card.list)),
  })
  const money = (name: 'revenue' | 'mrr', card: MoneyCardsOut) => ({
    label: t(`cards.${name}.label`),
    definition: t(`cards.${name}.definition`),
    value: <Sums cards={card} />,
    change: card.amounts.length === 1 ? toRatio(card.amounts[0]?.change_percent) : undefined,
    comparedTo,
    ...optional(toList(card.list)),
  })
  const refunds = (card: MoneyCardsOut) => {
    const sums = card.amounts.filter((sum) => sum.refunded_minor > 0)
    if (sums.length === 0) return undefined
    const told = sums.map((sum) => format.money({ amount_minor: sum.refunded_minor, currency: sum.currency }))
    return t('refunded', { sum: told.join(', ') })
  }
  return (
    <div className="grid grid-cols-2 gap-3 sm:grid-cols-6 min-[87.5rem]:grid-cols-5">
      <div className={MONEY}>
        <StatCard {...money('revenue', dashboard.revenue)} note={refunds(dashboard.revenue)} />
      </div>
      <div className={MONEY}>
        <StatCard {...money('mrr', dashboard.mrr)} />
      </div>
      <div className={COUNT}>
        <StatCard {...counts('active', dashboard.active)} />
      </div>
      <div className={COUNT}>
        <StatCard {...counts('new', dashboard.new)} />
      </div>
      <div className={cn(COUNT, 'max-sm:col-span-2')}>
        <StatCard
          {...counts('churned', dashboard.churned)}
          isMoreWorse
          value={
            <>
              {format.number(dashboard.churned.count)}
              {rate !== null && (
                <span
                  className="ml-2 text-sm font-normal tracking-normal text-muted-foreground"
                  title={previous === null ? undefined : t('churnBefore', { rate: format.percent(previous) })}
                >
                  {format.percent(rate)}
                </span>
              )}
            </>
          }
        />
      </div>
    </div>
  )
}

// Sums are longer than counts: they get more room until all five stand in one line.
const MONEY = 'col-span-2 grid sm:col-span-3 min-[87.5rem]:col-span-1'
const COUNT = 'grid sm:col-span-2 min-[87.5rem]:col-span-1'

function Sums({ cards }: { cards: MoneyCardsOut }) {
  const format = useFormat()
  if (cards.amounts.length === 0) return format.number(0)
  return cards.amounts.map((sum) => (
    <span key={sum.currency} className={cards.amounts.length > 1 ? 'block text-lg leading-snug' : undefined}>
      {format.money(sum)}
    </span>
  ))
}

function toRatio(percent: number | null | undefined): number | null {
  return percent === null || percent === undefined ? null : percent / 100
}

function optional(to: string | undefined): { to?: string } {
  return to === undefined ? {} : { to }
}
