import { useTranslation } from 'react-i18next'
import type { FunnelOut } from '@/api'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { useFormat } from '@/lib/use-format'
import { useLabels } from '../use-labels'
import type { Asked } from '../use-figures'
import { ExportButton } from './export-button'
import { NoFigures } from './no-figures'

export function FunnelPanel({ data, asked }: { data: FunnelOut; asked: Asked }) {
  const { t } = useTranslation('analytics')
  const format = useFormat()
  const labels = useLabels()
  if (!data.steps[0]?.people) return <NoFigures />
  return (
    <Card>
      <CardHeader
        title={t('funnel.title')}
        description={t('funnel.text')}
        actions={<ExportButton table="funnel" asked={asked} />}
      />
      <CardBody>
        <ol className="space-y-4">
          {data.steps.map((step, index) => (
            <li key={step.step}>
              <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-0.5">
                <span className="font-medium">{t(`funnel.steps.${step.step as 'started'}`)}</span>
                <span className="tabular-nums">
                  <strong className="text-base font-semibold">{format.number(step.people)}</strong>
                  {step.of_started !== null && index > 0 && (
                    <span className="ml-2 text-muted-foreground">
                      {t('funnel.ofStarted', { rate: format.percent(step.of_started) })}
                    </span>
                  )}
                </span>
              </div>
              <div className="mt-1.5 h-7 overflow-hidden rounded-sm bg-muted" aria-hidden>
                <div
                  className="h-full rounded-sm bg-chart-1 transition-[width]"
                  style={{ width: `${(step.of_started ?? 0) * 100}%` }}
                />
              </div>
              <p className="mt-1 flex flex-wrap justify-between gap-x-4 text-xs text-muted-foreground">
                <span>
                  {index > 0 &&
                    step.of_step_before !== null &&
                    t('funnel.ofBefore', { rate: format.percent(step.of_step_before) })}
                </span>
                <span>
                  {t('funnel.previous', {
                    period: labels.span(data.previous),
                    people: format.number(step.previous_people),
                  })}
                </span>
              </p>
            </li>
          ))}
        </ol>
      </CardBody>
    </Card>
  )
}
