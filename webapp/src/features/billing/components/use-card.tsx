import { useTranslation } from 'react-i18next'
import type { LimitOut } from '@/api'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { Progress } from '@/components/ui/progress'
import { useFormat } from '@/lib/use-format'

/** What the tenant has of what it may have, shown before a limit bites. */
export function UseCard({ uses }: { uses: LimitOut[] }) {
  const { t } = useTranslation('billing')
  const format = useFormat()
  return (
    <Card>
      <CardHeader title={t('use')} />
      <CardBody>
        <ul className="space-y-4">
          {uses.map(({ of, used, limit }) => (
            <li key={of}>
              <p className="mb-1.5 flex justify-between gap-4">
                <span className="text-muted-foreground">{t(`of.${of}`)}</span>
                <span className="tabular-nums">
                  {format.number(used)} / {limit === null ? t('noLimit') : format.number(limit)}
                </span>
              </p>
              {limit !== null && <Progress label={t(`of.${of}`)} value={used} max={limit} />}
            </li>
          ))}
        </ul>
      </CardBody>
    </Card>
  )
}
