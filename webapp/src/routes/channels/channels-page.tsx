import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import {
  botsListOptions,
  channelsListOptions,
  membershipSweepsListOptions,
} from '@/api/@tanstack/react-query.gen'
import { PageBody } from '@/components/layout/page-body'
import { PageHeader } from '@/components/layout/page-header'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { Dialog } from '@/components/ui/dialog'
import { Loaded } from '@/components/ui/loaded'
import { Skeleton } from '@/components/ui/skeleton'
import { BrakedSweep } from '@/features/channels/components/braked-sweep'
import { ChannelCard } from '@/features/channels/components/channel-card'
import { NoChannels } from '@/features/channels/components/no-channels'
import { RefusedChats } from '@/features/channels/components/refused-chats'
import { later } from '@/lib/later'
import { useTenantQuery } from '@/lib/requests'
import { useCan, useTenantPath } from '@/lib/tenancy'

const AddChannelForm = later(() =>
  import('@/features/channels/components/add-channel-form').then((file) => file.AddChannelForm),
)

export function Page() {
  const { t } = useTranslation('channels')
  const can = useCan()
  const path = useTenantPath()
  const [isAdding, setIsAdding] = useState(false)
  const bots = useTenantQuery((tenant) => botsListOptions({ path: tenant, query: { size: 100 } }), {
    // So does the reason why one cannot.
    refetchInterval: 5000,
  })
  const channels = useTenantQuery((tenant) => channelsListOptions({ path: tenant, query: { size: 200 } }), {
    // A channel appears by itself once the bot is made an admin of it, in another window.
    refetchInterval: 5000,
  })
  const braked = useTenantQuery((tenant) =>
    membershipSweepsListOptions({ path: tenant, query: { status: 'braked', size: 200 } }),
  )
  const working = bots.data?.items.filter(({ status }) => status !== 'deleted') ?? []
  const add = can('channels-add') && working.length > 0 && (
    <Button variant="primary" onClick={() => setIsAdding(true)}>
      <Plus aria-hidden />
      {t('add.open')}
    </Button>
  )
  const connectBot = (
    <Button asChild variant="primary">
      <Link to={path('/settings/bot')}>{t('empty.connectBot')}</Link>
    </Button>
  )
  return (
    <PageBody isNarrow>
      <PageHeader
        title={t('title')}
        description={t('description')}
        actions={channels.data?.total ? add : undefined}
      />
      <RefusedChats bots={working} />
      <Loaded query={channels} skeleton={<Skeleton className="h-44" />}>
        {({ items }) =>
          items.length ? (
            <ul className="space-y-4">
              {items.map((channel) => (
                <li key={channel.id}>
                  <ChannelCard
                    channel={channel}
                    botName={working.find(({ id }) => id === channel.bot_id)?.username}
                  >
                    {braked.data?.items
                      .filter(({ channel_id }) => channel_id === channel.id)
                      .map((sweep) => (
                        <BrakedSweep key={sweep.id} sweep={sweep} />
                      ))}
                  </ChannelCard>
                </li>
              ))}
            </ul>
          ) : (
            <Card>
              <NoChannels
                hasBot={working.length > 0}
                botName={working[0]?.username}
                action={working.length ? add : connectBot}
              />
            </Card>
          )
        }
      </Loaded>
      <Dialog isOpen={isAdding} onOpenChange={setIsAdding} title={t('add.title')} description={t('add.text')}>
        <AddChannelForm bots={working} onDone={() => setIsAdding(false)} />
      </Dialog>
    </PageBody>
  )
}
