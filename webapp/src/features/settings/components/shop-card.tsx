import { RefreshCw } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type BotOut, type ShopOut, shopsCheck, shopsDisconnect } from '@/api'
import { shopsGetOptions } from '@/api/@tanstack/react-query.gen'
import { AlertDialog } from '@/components/ui/alert-dialog'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { Dialog } from '@/components/ui/dialog'
import { Loaded } from '@/components/ui/loaded'
import { Skeleton } from '@/components/ui/skeleton'
import { useTenantAction, useTenantQuery } from '@/lib/requests'
import { useCan, useTenant } from '@/lib/tenancy'
import { ShopFacts } from './shop-facts'
import { ShopForm } from './shop-form'

const TONES = { not_connected: 'neutral', active: 'success', rejected: 'danger' } as const

export function ShopCard({ bot }: { bot: BotOut }) {
  const shop = useTenantQuery((path) => shopsGetOptions({ path: { ...path, bot_id: bot.id } }), {
    // The first notice shows that the address was pasted into the shop's cabinet.
    refetchInterval: ({ state }) =>
      state.data?.status === 'active' && state.data.first_notice_at === null ? 5000 : false,
  })
  return (
    <Loaded query={shop} skeleton={<Skeleton className="h-56" />}>
      {(found) => <Shop bot={bot} shop={found} />}
    </Loaded>
  )
}

function Shop({ bot, shop }: { bot: BotOut; shop: ShopOut }) {
  const { t } = useTranslation('settings')
  const can = useCan()
  const { suspended_at, removal_at } = useTenant()
  const isConnected = shop.status !== 'not_connected'
  return (
    <Card aria-label={`@${bot.username}`}>
      <CardHeader
        title={
          <span className="flex flex-wrap items-center gap-2">
            @{bot.username}
            <Badge tone={TONES[shop.status]}>{t(`shop.status.${shop.status}`)}</Badge>
            {isConnected && (
              <Badge tone={shop.is_test ? 'warning' : 'info'}>
                {t(shop.is_test ? 'shop.test' : 'shop.live')}
              </Badge>
            )}
          </span>
        }
        description={t(isConnected ? 'shop.connectedText' : 'shop.text')}
        actions={isConnected && <ShopActions bot={bot} shop={shop} />}
      />
      <CardBody>
        {isConnected ? (
          <ShopFacts shop={shop} />
        ) : can('shops-connect') ? (
          <ShopForm botId={bot.id} version={shop.version} />
        ) : (
          <p className="text-muted-foreground">
            {t(
              suspended_at !== null
                ? 'shop.suspended'
                : removal_at !== null
                  ? 'shop.closing'
                  : 'shop.ownerOnly',
            )}
          </p>
        )}
      </CardBody>
    </Card>
  )
}

function ShopActions({ bot, shop }: { bot: BotOut; shop: ShopOut }) {
  const { t } = useTranslation('settings')
  const can = useCan()
  const [asked, setAsked] = useState<'keys' | 'disconnect'>()
  const close = () => setAsked(undefined)
  const check = useTenantAction((path) => shopsCheck({ path: { ...path, bot_id: bot.id } }), {
    done: t('shop.check.done'),
  })
  const disconnect = useTenantAction((path) => shopsDisconnect({ path: { ...path, bot_id: bot.id } }), {
    done: t('shop.disconnect.done'),
    onDone: close,
  })
  return (
    <>
      {can('shops-check') && (
        <Button size="sm" isPending={check.isPending} onClick={() => check.mutate()}>
          {!check.isPending && <RefreshCw aria-hidden />}
          {t('shop.check.submit')}
        </Button>
      )}
      {can('shops-connect') && (
        <Button size="sm" onClick={() => setAsked('keys')}>
          {t('shop.replace.open')}
        </Button>
      )}
      {can('shops-disconnect') && (
        <Button size="sm" variant="ghost" className="text-danger" onClick={() => setAsked('disconnect')}>
          {t('shop.disconnect.open')}
        </Button>
      )}
      <Dialog
        isOpen={asked === 'keys'}
        onOpenChange={close}
        title={t('shop.replace.title')}
        description={t('shop.replace.text')}
      >
        <ShopForm botId={bot.id} version={shop.version} onDone={close} />
      </Dialog>
      <AlertDialog
        isOpen={asked === 'disconnect'}
        onOpenChange={close}
        title={t('shop.disconnect.title', { bot: bot.username })}
        description={t('shop.disconnect.text')}
        typeToConfirm={bot.username}
        confirmLabel={t('shop.disconnect.submit')}
        isPending={disconnect.isPending}
        onConfirm={() => disconnect.mutate()}
      />
    </>
  )
}
