import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CohortsOut } from '@/api'
import { Card, CardHeader } from '@/components/ui/card'
import { ScrollBox } from '@/components/ui/scroll-box'
import { Select } from '@/components/ui/select'
import { useFormat } from '@/lib/use-format'
import { useLabels } from '../use-labels'
import type { Asked } from '../use-figures'
import { ExportButton } from './export-button'
import { HeatCell } from './heat-cell'
import { NoFigures } from './no-figures'

/** Who stays, by the month of the first payment; or what they brought. */
export function CohortsPanel({ data, asked }: { data: CohortsOut; asked: Asked }) {
  const { t } = useTranslation('analytics')
  const format = useFormat()
  const labels = useLabels()
  const [currency, setCurrency] = useState('')
  if (!data.cohorts.length) return <NoFigures />
  const currencies = [...new Set(data.cohorts.flatMap(({ money }) => money.map((one) => one.currency)))]
  const numbers = Array.from(
    { length: Math.max(...data.cohorts.map(({ months }) => months.length)) },
    (_, n) => n,
  )
  const revenueOf = (cohort: CohortsOut['cohorts'][number]) =>
    cohort.money.find((one) => one.currency === currency)?.revenue_minor ?? []
  const most = Math.max(1, ...data.cohorts.flatMap(revenueOf))
  return (
    <Card className="overflow-hidden">
      <CardHeader
        title={t('cohorts.title')}
        description={t('cohorts.text')}
        actions={
          <>
            <Select
              className="w-auto min-w-40"
              aria-label={t('cohorts.show')}
              value={currency}
              onChange={(event) => setCurrency(event.target.value)}
              choices={[
                { value: '', label: t('cohorts.retention') },
                ...currencies.map((value) => ({ value, label: t('cohorts.revenue', { currency: value }) })),
              ]}
            />
            <ExportButton table="cohorts" asked={asked} />
          </>
        }
      />
      <ScrollBox label={t('cohorts.title')} className="border-t p-4 sm:px-5">
        <table className="border-separate border-spacing-0.5 text-center">
          <caption className="sr-only">{t('cohorts.title')}</caption>
          <thead>
            <tr className="text-xs text-muted-foreground">
              <th scope="col" className="sticky left-0 bg-card pr-3 text-left font-medium">
                {t('cohorts.month')}
              </th>
              <th scope="col" className="px-3 text-right font-medium">
                {t('cohorts.size')}
              </th>
              {numbers.map((number) => (
                <th key={number} scope="col" className="min-w-16 px-2 py-1 font-medium">
                  {t('cohorts.number', { number })}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {data.cohorts.map((cohort) => (
              <tr key={cohort.cohort}>
                <th
                  scope="row"
                  className="sticky left-0 bg-card pr-3 text-left font-normal whitespace-nowrap"
                >
                  {labels.month(cohort.cohort)}
                </th>
                <td className="px-3 text-right tabular-nums">{format.number(cohort.size)}</td>
                {numbers.map((number) => {
                  const month = cohort.months[number]
                  if (!month) return <td key={number} />
                  const revenue = revenueOf(cohort)[number] ?? 0
                  return currency ? (
                    <HeatCell key={number} share={revenue / most}>
                      {labels.money(currency)(revenue)}
                    </HeatCell>
                  ) : (
                    <HeatCell
                      key={number}
                      share={month.rate}
                      title={t('cohorts.people', { count: month.people, month: labels.month(month.month) })}
                    >
                      {format.percent(month.rate)}
                    </HeatCell>
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
    </Card>
  )
}
