import { RefreshCw, Settings2 } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type ChannelOut, channelsCheckRights } from '@/api'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { Definitions } from '@/components/ui/definitions'
import { Dialog } from '@/components/ui/dialog'
import { Moment } from '@/components/ui/moment'
import { Notice } from '@/components/ui/notice'
import { later } from '@/lib/later'
import { useTenantAction } from '@/lib/requests'
import { useCan } from '@/lib/tenancy'
import { TONES, missingRights } from '../rights'

const ChannelSettingsForm = later(() =>
  import('./channel-settings-form').then((file) => file.ChannelSettingsForm),
)

interface ChannelCardProps {
  channel: ChannelOut
  botName: string | undefined
  /** What somebody has to decide about it. */
  children?: ReactNode
}

export function ChannelCard({ channel, botName, children }: ChannelCardProps) {
  const { t } = useTranslation('channels')
  const can = useCan()
  const [isEditing, setIsEditing] = useState(false)
  const check = useTenantAction(
    (path) => channelsCheckRights({ path: { ...path, channel_id: channel.id } }),
    {
      done: t('check.done'),
    },
  )
  const missing = missingRights(channel)
  const checkButton = can('channels-check_rights') && (
    <Button size="sm" isPending={check.isPending} onClick={() => check.mutate()}>
      {!check.isPending && <RefreshCw aria-hidden />}
      {t('check.submit')}
    </Button>
  )
  return (
    <Card>
      <CardHeader
        title={
          <span className="flex flex-wrap items-center gap-2">
            {channel.title}
            <Badge tone={TONES[channel.status]}>{t(`status.${channel.status}`)}</Badge>
          </span>
        }
        description={[t(`kind.${channel.kind}`), channel.username && `@${channel.username}`]
          .filter(Boolean)
          .join(' · ')}
        actions={
          can('channels-change') && (
            <Button
              size="sm"
              variant="ghost"
              onClick={() => setIsEditing(true)}
              aria-label={t('settings.openFor', { channel: channel.title })}
            >
              <Settings2 aria-hidden />
              {t('settings.open')}
            </Button>
          )
        }
      />
      <CardBody className="space-y-4">
        {children}
        {missing.length > 0 && (
          <Notice
            tone={channel.status === 'bot_removed' ? 'danger' : 'warning'}
            title={t('missing.title')}
            actions={checkButton}
          >
            <ul className="list-disc space-y-1 pl-4">
              {missing.map((right) => (
                <li key={right}>{t(`missing.${right}`, { bot: botName ?? '' })}</li>
              ))}
            </ul>
          </Notice>
        )}
        <Definitions
          rows={[
            [t('fields.entry'), t(`entry.${channel.entry_mode}.name`)],
            [t('fields.strangers'), t(channel.removes_strangers ? 'strangers.removed' : 'strangers.stay')],
            [t('fields.checked'), <Moment key="checked" at={channel.rights_checked_at} />],
          ]}
        />
        {missing.length === 0 && checkButton}
      </CardBody>
      <Dialog isOpen={isEditing} onOpenChange={setIsEditing} title={channel.title}>
        <ChannelSettingsForm channel={channel} onDone={() => setIsEditing(false)} />
      </Dialog>
    </Card>
  )
}
