import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import { type BotOut, type RefusedChatOut, channelsAdd } from '@/api'
import { Button } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { useTenantAction } from '@/lib/requests'
import { useCan, useTenantPath } from '@/lib/tenancy'

/** Says which chat could not become a channel, why, and what to do; nothing where all of them could. */
export function RefusedChats({ bots }: { bots: BotOut[] }) {
  return bots.map((bot) => bot.refused_chat && <RefusedChat key={bot.id} bot={bot} chat={bot.refused_chat} />)
}

function RefusedChat({ bot, chat }: { bot: BotOut; chat: RefusedChatOut }) {
  const { t } = useTranslation('channels')
  const can = useCan()
  const path = useTenantPath()
  const isFull = chat.reason === 'limit_reached'
  const connect = useTenantAction(
    (tenant) => channelsAdd({ path: tenant, body: { bot_id: bot.id, chat: String(chat.chat_id) } }),
    { done: t('refused.connected') },
  )
  return (
    <Notice
      tone="warning"
      className="mb-5"
      title={t('refused.title', { chat: chat.title, bot: bot.username })}
      actions={
        can('channels-add') && (
          <>
            <Button
              size="sm"
              variant="primary"
              isPending={connect.isPending}
              onClick={() => connect.mutate()}
            >
              {t('refused.connect')}
            </Button>
            {isFull && can('billing-get') && (
              <Button size="sm" asChild>
                <Link to={path('/settings/billing')}>{t('refused.billing')}</Link>
              </Button>
            )}
          </>
        )
      }
    >
      <p>{t(isFull ? 'refused.limit_reached' : 'refused.channel_unsuitable')}</p>
      <p className="mt-1">{t('refused.leave')}</p>
    </Notice>
  )
}
