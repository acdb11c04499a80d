import { useTranslation } from 'react-i18next'
import type { RevenueOut } from '@/api'
import { Badge } from '@/components/ui/badge'
import { Card } from '@/components/ui/card'
import { ScrollBox } from '@/components/ui/scroll-box'
import { cn } from '@/lib/cn'
import { useFormat } from '@/lib/use-format'

const STANDINGS = ['trialing', 'active', 'past_due', 'restricted'] as const
const CELL = 'px-4 py-3 text-right tabular-nums'

/** What each plan brings a month, and how those who have it stand. */
export function RevenueTable({ revenue }: { revenue: RevenueOut }) {
  const { t } = useTranslation('staff')
  const { t: words } = useTranslation('billing')
  const format = useFormat()
  return (
    <Card>
      <ScrollBox label={t('revenue.title')}>
        <table className="w-full">
          <caption className="sr-only">{t('revenue.title')}</caption>
          <thead>
            <tr className="text-xs text-muted-foreground">
              <th scope="col" className="px-4 py-2.5 text-left font-medium">
                {t('billing.plan')}
              </th>
              {STANDINGS.map((standing) => (
                <th key={standing} scope="col" className="px-4 py-2.5 text-right font-medium">
                  {words(`standing.${standing}`)}
                </th>
              ))}
              <th scope="col" className="px-4 py-2.5 text-right font-medium">
                {t('revenue.monthly')}
              </th>
            </tr>
          </thead>
          <tbody>
            {revenue.plans.map((row) => (
              <tr key={row.code} className="border-t">
                <th scope="row" className="px-4 py-3 text-left font-normal">
                  <span className="flex flex-wrap items-center gap-2">
                    {row.name}
                    {!row.is_sold && <Badge tone="neutral">{t('revenue.archived')}</Badge>}
                  </span>
                  <span className="text-muted-foreground">
                    {words('monthly', { price: format.money(row.price) })}
                  </span>
                </th>
                {STANDINGS.map((standing) => (
                  <td
                    key={standing}
                    className={cn(
                      CELL,
                      standing === 'restricted' && row[standing] > 0 && 'font-semibold text-danger',
                    )}
                  >
                    {format.number(row[standing])}
                  </td>
                ))}
                <td className={CELL}>{format.money(row.monthly)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
    </Card>
  )
}
