import { useTranslation } from 'react-i18next'
import type { BotHealthOut } from '@/api'
import { Badge } from '@/components/ui/badge'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { Moment } from '@/components/ui/moment'

export function BotsCard({ bots }: { bots: readonly BotHealthOut[] }) {
  const { t, i18n } = useTranslation('staff')
  const statusOf = (status: string) =>
    i18n.exists(`staff:bots.statuses.${status}`)
      ? t(`bots.statuses.${status}` as 'bots.statuses.active')
      : status
  const shopOf = (status: string) =>
    i18n.exists(`staff:bots.shops.${status}`) ? t(`bots.shops.${status}` as 'bots.shops.active') : status
  return (
    <Card>
      <CardHeader title={t('bots.title')} />
      <CardBody>
        {bots.length === 0 ? (
          <p className="text-muted-foreground">{t('bots.none')}</p>
        ) : (
          <ul className="divide-y rounded-md border">
            {bots.map((bot) => (
              <li key={bot.id} className="px-3 py-2.5">
                <p className="flex flex-wrap items-center gap-2 font-medium">
                  @{bot.username}
                  <Badge tone={bot.status === 'active' ? 'success' : 'warning'}>{statusOf(bot.status)}</Badge>
                  {bot.health_code && <Badge tone="danger">{bot.health_code}</Badge>}
                </p>
                <p className="mt-0.5 text-muted-foreground">
                  {t('bots.shop')}: {shopOf(bot.shop_status)} · {t('tenants.lastUpdate')}:{' '}
                  <Moment at={bot.last_update_at} />
                </p>
              </li>
            ))}
          </ul>
        )}
      </CardBody>
    </Card>
  )
}
