import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DashboardOut } from '@/api'
import { Chart } from '@/components/charts/chart'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { useFormat } from '@/lib/use-format'
import { useLabels } from '../use-labels'
import { CurrencyChoice } from './currency-choice'

/** The series behind the cards. */
export function DashboardCharts({ dashboard }: { dashboard: DashboardOut }) {
  const { t } = useTranslation('analytics')
  const format = useFormat()
  const labels = useLabels()
  const currencies = dashboard.revenue.amounts.map((sum) => sum.currency)
  const [chosen, setChosen] = useState<string>()
  const currency = chosen !== undefined && currencies.includes(chosen) ? chosen : currencies[0]
  const { series, bucket } = dashboard
  const names = labels.points(series, bucket)
  const period = labels.span(dashboard.period)
  const pointsLabel = t(`period.points.${bucket}`)
  const sumOf = (name: 'revenue_minor' | 'mrr_minor') =>
    series.map((point, index) => ({
      label: names[index] ?? '',
      values: { sum: point.money.find((money) => money.currency === currency)?.[name] ?? 0 },
    }))
  const revenue = dashboard.revenue.amounts.find((sum) => sum.currency === currency)
  const mrr = dashboard.mrr.amounts.find((sum) => sum.currency === currency)
  const choice = currency !== undefined && (
    <CurrencyChoice currencies={currencies} value={currency} onChange={setChosen} />
  )
  return (
    <div className="mt-4 grid gap-4 lg:grid-cols-2">
      {currency !== undefined && revenue && mrr && (
        <>
          <Card className="min-w-0">
            <CardHeader title={t('cards.revenue.label')} actions={choice} />
            <CardBody>
              <Chart
                kind="bars"
                summary={t('charts.revenue', { period, sum: format.money(revenue) })}
                series={[{ key: 'sum', label: t('cards.revenue.label') }]}
                points={sumOf('revenue_minor')}
                pointsLabel={pointsLabel}
                format={labels.money(currency)}
                formatAxis={labels.moneyAxis(currency)}
              />
            </CardBody>
          </Card>
          <Card className="min-w-0">
            <CardHeader title={t('cards.mrr.label')} />
            <CardBody>
              <Chart
                kind="area"
                summary={t('charts.mrr', { period, sum: format.money(mrr) })}
                series={[{ key: 'sum', label: t('cards.mrr.label') }]}
                points={sumOf('mrr_minor')}
                pointsLabel={pointsLabel}
                format={labels.money(currency)}
                formatAxis={labels.moneyAxis(currency)}
              />
            </CardBody>
          </Card>
        </>
      )}
      <Card className="min-w-0">
        <CardHeader title={t('charts.movementTitle')} />
        <CardBody>
          <Chart
            kind="bars"
            isStacked
            summary={t('charts.movement', {
              period,
              new: format.number(dashboard.new.count),
              churned: format.number(dashboard.churned.count),
            })}
            series={[
              { key: 'new', label: t('cards.new.label') },
              { key: 'returned', label: t('returned') },
              { key: 'churned', label: t('cards.churned.label') },
            ]}
            points={series.map((point, index) => ({
              label: names[index] ?? '',
              values: { new: point.new, returned: point.returned, churned: -point.churned },
            }))}
            pointsLabel={pointsLabel}
            format={format.number}
            formatAxis={labels.count}
          />
        </CardBody>
      </Card>
      <Card className="min-w-0">
        <CardHeader title={t('cards.active.label')} />
        <CardBody>
          <Chart
            kind="area"
            summary={t('charts.active', { period, count: dashboard.active.count })}
            series={[{ key: 'active', label: t('cards.active.label') }]}
            points={series.map((point, index) => ({
              label: names[index] ?? '',
              values: { active: point.active },
            }))}
            pointsLabel={pointsLabel}
            format={format.number}
            formatAxis={labels.count}
          />
        </CardBody>
      </Card>
    </div>
  )
}
