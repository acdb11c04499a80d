import { useTranslation } from 'react-i18next'
import type { ChurnOut, ChurnStepOut } from '@/api'
import { Chart } from '@/components/charts/chart'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { useFormat } from '@/lib/use-format'
import { useLabels } from '../use-labels'
import type { Asked } from '../use-figures'
import { ExportButton } from './export-button'
import { FigureTable } from './figure-table'
import { NoFigures } from './no-figures'

const REASONS = ['voluntary', 'failed_payment', 'not_renewed'] as const

export function ChurnPanel({ data, asked }: { data: ChurnOut; asked: Asked }) {
  const { t } = useTranslation('analytics')
  const format = useFormat()
  const labels = useLabels()
  const { whole, before, series } = data
  if (whole.active_at_start + whole.active + whole.churned === 0) return <NoFigures />
  const names = labels.points(series, data.bucket)
  const percent = (rate: number | null) => (rate === null ? '–' : format.percent(rate))
  const cells = (step: ChurnStepOut) => [
    format.number(step.active_at_start),
    format.number(step.churned),
    ...REASONS.map((reason) => format.number(step[`churned_${reason}`])),
    percent(step.churn_rate),
  ]
  return (
    <Card className="overflow-hidden">
      <CardHeader
        title={t('churn.title')}
        description={t('churn.text')}
        actions={<ExportButton table="churn" asked={asked} />}
      />
      <CardBody>
        <Chart
          kind="bars"
          isStacked
          summary={t('churn.summary', {
            period: labels.span(data.period),
            count: whole.churned,
            rate: percent(whole.churn_rate),
          })}
          series={REASONS.map((key) => ({ key, label: t(`churn.reasons.${key}`) }))}
          points={series.map((step, index) => ({
            label: names[index] ?? '',
            values: {
              voluntary: step.churned_voluntary,
              failed_payment: step.churned_failed_payment,
              not_renewed: step.churned_not_renewed,
            },
          }))}
          pointsLabel={t(`period.points.${data.bucket}`)}
          format={format.number}
          formatAxis={labels.count}
        />
      </CardBody>
      <FigureTable
        caption={t('churn.title')}
        head={[
          t('columns.period'),
          t('churn.atStart'),
          t('churn.left'),
          ...REASONS.map((reason) => t(`churn.reasons.${reason}`)),
          t('churn.rate'),
        ]}
        rows={[
          { key: 'whole', cells: [<strong key="name">{t('whole')}</strong>, ...cells(whole)] },
          { key: 'before', cells: [labels.span(data.previous), ...cells(before)] },
        ]}
      />
    </Card>
  )
}
