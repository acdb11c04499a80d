import type { UseQueryResult } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { WinBackFiguresOut } from '@/api'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { Loaded } from '@/components/ui/loaded'
import { Skeleton } from '@/components/ui/skeleton'
import { useFormat } from '@/lib/use-format'

const COLUMNS = ['offered', 'sent', 'cameBack', 'revenue'] as const

/** What became of the offers, step by step. */
export function FiguresCard({ query }: { query: UseQueryResult<WinBackFiguresOut> }) {
  const { t } = useTranslation('win-backs')
  const { number, money } = useFormat()
  return (
    <Card>
      <CardHeader title={t('figures.title')} description={t('figures.text')} />
      <CardBody>
        <Loaded query={query} skeleton={<Skeleton className="h-24" />}>
          {({ items, opted_out }) =>
            items.length === 0 ? (
              <p className="text-muted-foreground">{t('figures.none')}</p>
            ) : (
              <div className="space-y-3">
                <div className="overflow-x-auto">
                  <table className="w-full text-sm" aria-label={t('figures.title')}>
                    <thead className="text-muted-foreground">
                      <tr>
                        <th scope="col" className="py-1.5 text-left font-medium">
                          {t('figures.step')}
                        </th>
                        {COLUMNS.map((name) => (
                          <th key={name} scope="col" className="py-1.5 pl-2 text-right font-medium">
                            {t(`figures.${name}`)}
                          </th>
                        ))}
                      </tr>
                    </thead>
                    <tbody className="tabular-nums">
                      {items.map((row) => (
                        <tr key={row.step} className="border-t">
                          <th scope="row" className="py-1.5 text-left font-normal">
                            {number(row.step)}
                          </th>
                          {[row.offered, row.sent, row.came_back].map((count, index) => (
                            <td key={COLUMNS[index]} className="py-1.5 pl-2 text-right">
                              {number(count)}
                            </td>
                          ))}
                          <td className="py-1.5 pl-2 text-right">
                            {row.revenue.map(money).join(' · ') || '—'}
                          </td>
                        </tr>
                      ))}
                    </tbody>
                  </table>
                </div>
                {opted_out > 0 && (
                  <p className="text-muted-foreground">{t('figures.optedOut', { count: opted_out })}</p>
                )}
              </div>
            )
          }
        </Loaded>
      </CardBody>
    </Card>
  )
}
