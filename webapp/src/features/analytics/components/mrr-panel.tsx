import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { MrrOut, MrrStepOut } from '@/api'
import { Chart } from '@/components/charts/chart'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { useLabels } from '../use-labels'
import type { Asked } from '../use-figures'
import { CurrencyChoice } from './currency-choice'
import { ExportButton } from './export-button'
import { FigureTable } from './figure-table'
import { NoFigures } from './no-figures'

const PARTS = ['new', 'reactivated', 'expansion', 'contraction', 'churned'] as const

export function MrrPanel({ data, asked }: { data: MrrOut; asked: Asked }) {
  const { t } = useTranslation('analytics')
  const labels = useLabels()
  const [chosen, setChosen] = useState<string>()
  const shown = data.currencies.find(({ currency }) => currency === chosen) ?? data.currencies[0]
  if (!shown) return <NoFigures />
  const { currency, whole, series } = shown
  const money = labels.money(currency)
  const names = labels.points(series, data.bucket)
  const title = t('mrr.title')
  const cells = (step: MrrStepOut) => [
    money(step.mrr_at_start_minor),
    ...PARTS.map((part) => money(step[`${part}_minor`])),
    money(step.mrr_minor),
    step.paying,
  ]
  return (
    <Card className="overflow-hidden">
      <CardHeader
        title={title}
        description={t('mrr.text', { start: money(whole.mrr_at_start_minor), end: money(whole.mrr_minor) })}
        actions={
          <>
            <CurrencyChoice
              currencies={data.currencies.map((one) => one.currency)}
              value={currency}
              onChange={setChosen}
            />
            <ExportButton table="mrr" asked={asked} />
          </>
        }
      />
      <CardBody>
        <Chart
          kind="bars"
          isStacked
          summary={t('mrr.summary', {
            period: labels.span(data.period),
            start: money(whole.mrr_at_start_minor),
            end: money(whole.mrr_minor),
          })}
          series={PARTS.map((key) => ({ key, label: t(`mrr.parts.${key}`) }))}
          points={series.map((step, index) => ({
            label: names[index] ?? '',
            values: {
              new: step.new_minor,
              reactivated: step.reactivated_minor,
              expansion: step.expansion_minor,
              contraction: step.contraction_minor,
              churned: step.churned_minor,
            },
          }))}
          pointsLabel={t(`period.points.${data.bucket}`)}
          format={money}
          formatAxis={labels.moneyAxis(currency)}
        />
      </CardBody>
      <FigureTable
        caption={title}
        head={[
          t('columns.period'),
          t('mrr.atStart'),
          ...PARTS.map((part) => t(`mrr.parts.${part}`)),
          t('mrr.atEnd'),
          t('mrr.paying'),
        ]}
        rows={[
          { key: 'whole', cells: [<strong key="name">{t('whole')}</strong>, ...cells(whole)] },
          { key: 'previous', cells: [labels.span(data.previous), ...cells(shown.previous)] },
        ]}
      />
    </Card>
  )
}
