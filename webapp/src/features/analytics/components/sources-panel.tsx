import { useTranslation } from 'react-i18next'
import type { CodeOut, SourceOut, SourcesOut } from '@/api'
import { Card, CardHeader } from '@/components/ui/card'
import { useFormat } from '@/lib/use-format'
import { useSourceNames } from '@/lib/use-source-names'
import { useLabels } from '../use-labels'
import type { Asked } from '../use-figures'
import { ExportButton } from './export-button'
import { FigureTable } from './figure-table'
import { NoFigures } from './no-figures'

/** Of any other kind all links together are one source, whose name says everything. */
const CODED: SourceOut['kind'][] = ['campaign', 'plan_link', 'promo_link']

export function SourcesPanel({ data, asked }: { data: SourcesOut; asked: Asked }) {
  const { t } = useTranslation('analytics')
  const format = useFormat()
  const labels = useLabels()
  const { nameOf } = useSourceNames()
  if (!data.sources.length && !data.promo_codes.length) return <NoFigures />
  const figures = (row: SourceOut | CodeOut) => [
    labels.money(row.currency)(row.revenue_minor),
    labels.money(row.currency)(row.refunded_minor),
    format.number(row.payments),
    format.number(row.first_payers),
  ]
  const columns = (['revenue', 'refunded', 'payments', 'firstPayers'] as const).map((name) =>
    t(`columns.${name}`),
  )
  return (
    <div className="space-y-4">
      <Card className="overflow-hidden">
        <CardHeader
          title={t('sources.title')}
          description={t('sources.text')}
          actions={<ExportButton table="sources" asked={asked} />}
        />
        <FigureTable
          caption={t('sources.title')}
          words={2}
          head={[t('sources.kind'), t('sources.link'), ...columns]}
          rows={data.sources.map((row) => ({
            key: `${row.kind} ${row.source} ${row.currency}`,
            cells: [
              row.kind === 'campaign' && nameOf(row.source) !== row.source
                ? nameOf(row.source)
                : t(`sources.kinds.${row.kind}`),
              <code
                key="source"
                className="block max-w-64 truncate font-mono text-xs"
                title={CODED.includes(row.kind) ? row.source : undefined}
              >
                {CODED.includes(row.kind) ? row.source : '–'}
              </code>,
              ...figures(row),
            ],
          }))}
        />
      </Card>
      <Card className="overflow-hidden">
        <CardHeader
          title={t('codes.title')}
          description={t('codes.text')}
          actions={<ExportButton table="promo_codes" asked={asked} />}
        />
        <FigureTable
          caption={t('codes.title')}
          head={[t('codes.code'), ...columns]}
          rows={data.promo_codes.map((row) => ({
            key: `${row.promo_code_id ?? row.personal ?? ''} ${row.currency}`,
            cells: [
              row.code === null ? (
                <span key="none" className="text-muted-foreground">
                  {t(row.personal === null ? 'codes.none' : `codes.personal.${row.personal}`)}
                </span>
              ) : (
                <code key="code" className="font-mono">
                  {row.code}
                </code>
              ),
              ...figures(row),
            ],
          }))}
        />
      </Card>
    </div>
  )
}
