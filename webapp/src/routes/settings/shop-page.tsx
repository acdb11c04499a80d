import { BotNeeded } from '@/features/bots/components/bot-needed'
import { useTranslation } from 'react-i18next'
import { botsListOptions } from '@/api/@tanstack/react-query.gen'
import { PageBody } from '@/components/layout/page-body'
import { PageHeader } from '@/components/layout/page-header'
import { Loaded } from '@/components/ui/loaded'
import { Skeleton } from '@/components/ui/skeleton'
import { ReceiptSettings } from '@/features/fiscal-receipts/components/receipt-settings'
import { ShopCard } from '@/features/settings/components/shop-card'
import { useTenantQuery } from '@/lib/requests'

export function Page() {
  const { t } = useTranslation('settings')
  const bots = useTenantQuery((tenant) => botsListOptions({ path: tenant, query: { size: 100 } }))
  return (
    <PageBody isNarrow>
      <PageHeader title={t('shop.title')} description={t('shop.description')} />
      <Loaded query={bots} skeleton={<Skeleton className="h-56" />}>
        {({ items }) => {
          const working = items.filter(({ status }) => status !== 'deleted')
          if (!working.length)
            return (
              <BotNeeded
                title={t('botNeeded.title')}
                text={t('botNeeded.text')}
                action={t('botNeeded.action')}
              />
            )
          return (
            <ul className="space-y-4">
              {working.map((bot) => (
                <li key={bot.id}>
                  <div className="space-y-4">
                    <ShopCard bot={bot} />
                    {bot.shop_status !== 'not_connected' && <ReceiptSettings bot={bot} />}
                  </div>
                </li>
              ))}
            </ul>
          )
        }}
      </Loaded>
    </PageBody>
  )
}
