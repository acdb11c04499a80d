import { useTranslation } from 'react-i18next'
import type { LtvOut } from '@/api'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { Hint } from '@/components/ui/tooltip'
import { useFormat } from '@/lib/use-format'
import { useLabels } from '../use-labels'
import type { Asked } from '../use-figures'
import { ExportButton } from './export-button'
import { NoFigures } from './no-figures'

export function LtvPanel({ data, asked }: { data: LtvOut; asked: Asked }) {
  const { t } = useTranslation('analytics')
  const format = useFormat()
  const labels = useLabels()
  if (!data.currencies.length) return <NoFigures />
  return (
    <div className="space-y-4">
      {data.currencies.map((value, index) => {
        const money = (minor: number | null) => (minor === null ? '–' : labels.money(value.currency)(minor))
        const rows = [
          ['expected', money(value.lifetime_value_minor)],
          ['soFar', money(value.revenue_per_payer_minor)],
          ['mrrPerPayer', money(value.mrr_per_payer_minor)],
          ['churn', value.monthly_churn_rate === null ? '–' : format.percent(value.monthly_churn_rate)],
          [
            'lifetime',
            value.lifetime_months === null
              ? '–'
              : t('ltv.months', {
                  count: round(value.lifetime_months),
                  value: format.number(round(value.lifetime_months)),
                }),
          ],
          ['revenue', money(value.revenue_minor)],
          ['refunded', money(value.refunded_minor)],
          ['payers', format.number(value.payers)],
          ['payments', format.number(value.payments)],
        ] as const
        return (
          <Card key={value.currency}>
            <CardHeader
              title={data.currencies.length > 1 ? `${t('ltv.title')}, ${value.currency}` : t('ltv.title')}
              description={t('ltv.text')}
              actions={index === 0 && <ExportButton table="ltv" asked={asked} />}
            />
            <CardBody>
              <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-md border bg-border lg:grid-cols-4">
                {rows.map(([name, shown]) => (
                  <div key={name} className="bg-card p-4">
                    <dt className="flex items-center gap-1.5 text-muted-foreground">
                      {t(`ltv.names.${name}`)}
                      <Hint
                        text={t(`ltv.definitions.${name}`)}
                        label={`${t(`ltv.names.${name}`)}: ${t(`ltv.definitions.${name}`)}`}
                      />
                    </dt>
                    <dd className="mt-1 text-xl font-semibold tracking-tight tabular-nums">{shown}</dd>
                  </div>
                ))}
              </dl>
            </CardBody>
          </Card>
        )
      })}
    </div>
  )
}

function round(months: number): number {
  return Math.round(months * 10) / 10
}
