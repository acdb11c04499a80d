import { RefreshCw } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import { type ChannelOut, channelsCheckRights } from '@/api'
import { botsListOptions, channelsListOptions } from '@/api/@tanstack/react-query.gen'
import { Button } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { useTenantAction, useTenantQuery } from '@/lib/requests'
import { useCan, useTenantPath } from '@/lib/tenancy'
import { missingRights } from '../rights'

/** Says in which channels the bot cannot work, and what exactly is missing; nothing where it can in all of them. */
export function LostChannels() {
  const { t } = useTranslation('channels')
  const path = useTenantPath()
  const missing = useTenantQuery((tenant) =>
    channelsListOptions({ path: tenant, query: { status: 'rights_missing', size: 20 } }),
  )
  const removed = useTenantQuery((tenant) =>
    channelsListOptions({ path: tenant, query: { status: 'bot_removed', size: 20 } }),
  )
  const lost = [
    ...(removed.data?.items ?? []).filter(({ status }) => status === 'bot_removed'),
    ...(missing.data?.items ?? []).filter(({ status }) => status === 'rights_missing'),
  ]
  if (lost.length === 0) return null
  return (
    <Notice tone="danger" title={t('lost.title', { count: lost.length })} className="mb-5">
      <p>{t('lost.text')}</p>
      <ul className="mt-2 space-y-2">
        {lost.map((channel) => (
          <LostChannel key={channel.id} channel={channel} />
        ))}
      </ul>
      <Link className="mt-2 inline-block underline" to={path('/channels')}>
        {t('lost.open')}
      </Link>
    </Notice>
  )
}

function LostChannel({ channel }: { channel: ChannelOut }) {
  const { t } = useTranslation('channels')
  const can = useCan()
  const bots = useTenantQuery((tenant) => botsListOptions({ path: tenant, query: { size: 100 } }))
  const name = bots.data?.items.find(({ id }) => id === channel.bot_id)?.username ?? ''
  const check = useTenantAction(
    (tenant) => channelsCheckRights({ path: { ...tenant, channel_id: channel.id } }),
    {
      done: t('check.done'),
    },
  )
  return (
    <li className="flex flex-wrap items-center justify-between gap-2">
      <span className="min-w-0 flex-1 basis-60">
        <strong>{channel.title}</strong>
        {': '}
        {missingRights(channel)
          .map((right) => t(`missing.${right}`, { bot: name }))
          .join(' ')}
      </span>
      {can('channels-check_rights') && (
        <Button
          size="sm"
          className="text-foreground"
          isPending={check.isPending}
          onClick={() => check.mutate()}
        >
          {!check.isPending && <RefreshCw aria-hidden />}
          {t('check.submit')}
        </Button>
      )}
    </li>
  )
}
