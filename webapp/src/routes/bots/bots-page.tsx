import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { botsListOptions } from '@/api/@tanstack/react-query.gen'
import { PageBody } from '@/components/layout/page-body'
import { PageHeader } from '@/components/layout/page-header'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { Dialog } from '@/components/ui/dialog'
import { Loaded } from '@/components/ui/loaded'
import { Skeleton } from '@/components/ui/skeleton'
import { BotCard } from '@/features/bots/components/bot-card'
import { NoBots } from '@/features/bots/components/no-bots'
import { isSettlingIn } from '@/features/bots/health'
import { later } from '@/lib/later'
import { useTenantQuery } from '@/lib/requests'
import { useCan } from '@/lib/tenancy'

const ConnectBotForm = later(() =>
  import('@/features/bots/components/connect-bot-form').then((file) => file.ConnectBotForm),
)

export function Page() {
  const { t } = useTranslation('bots')
  const can = useCan()
  const [isConnecting, setIsConnecting] = useState(false)
  const bots = useTenantQuery((path) => botsListOptions({ path, query: { size: 100 } }), {
    // A bot that has just been connected gets its webhook within a second or two.
    refetchInterval: (query) => (query.state.data?.items.some(isSettlingIn) ? 1500 : false),
  })
  const connect = can('bots-connect') && (
    <Button variant="primary" onClick={() => setIsConnecting(true)}>
      <Plus aria-hidden />
      {t('connect.open')}
    </Button>
  )
  return (
    <PageBody isNarrow>
      <PageHeader
        title={t('title')}
        description={t('description')}
        actions={bots.data?.total ? connect : undefined}
      />
      <Loaded query={bots} skeleton={<Skeleton className="h-64" />}>
        {({ items }) =>
          items.length ? (
            <ul className="space-y-4">
              {items.map((bot) => (
                <li key={bot.id}>
                  <BotCard bot={bot} />
                </li>
              ))}
            </ul>
          ) : (
            <Card>
              <NoBots action={connect} />
            </Card>
          )
        }
      </Loaded>
      <Dialog
        isOpen={isConnecting}
        onOpenChange={setIsConnecting}
        title={t('connect.title')}
        description={t('connect.text')}
      >
        <ConnectBotForm onDone={() => setIsConnecting(false)} />
      </Dialog>
    </PageBody>
  )
}
