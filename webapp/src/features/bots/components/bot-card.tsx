import { ExternalLink } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { BotOut } from '@/api'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { Definitions } from '@/components/ui/definitions'
import { Dialog } from '@/components/ui/dialog'
import { Moment } from '@/components/ui/moment'
import { Notice } from '@/components/ui/notice'
import { later } from '@/lib/later'
import { useCan } from '@/lib/tenancy'
import { TONES, healthCodeOf, stateOf } from '../health'
import { BotMenu } from './bot-menu'
import { RemovalPace } from './removal-pace'

const RotateTokenForm = later(() => import('./rotate-token-form').then((file) => file.RotateTokenForm))

export function BotCard({ bot }: { bot: BotOut }) {
  const { t } = useTranslation('bots')
  const can = useCan()
  const [isRotating, setIsRotating] = useState(false)
  const state = stateOf(bot)
  const openRotation = () => setIsRotating(true)
  const isTokenBad = state === 'token_revoked' || bot.health_code === 'token_revoked'
  return (
    <Card>
      <CardHeader
        title={
          <span className="flex flex-wrap items-center gap-2">
            {bot.name}
            <Badge tone={TONES[state]}>{t(`states.${state}`)}</Badge>
          </span>
        }
        description={`@${bot.username}`}
        actions={
          <>
            <Button asChild size="sm">
              <a href={bot.chat_url} target="_blank" rel="noreferrer">
                <ExternalLink aria-hidden />
                {t('open')}
              </a>
            </Button>
            <BotMenu bot={bot} onRotate={openRotation} />
          </>
        }
      />
      <CardBody className="space-y-4">
        {(state === 'unhealthy' || state === 'token_revoked') && (
          <Notice
            tone="danger"
            title={t(`health.${healthCodeOf(bot)}.title`)}
            actions={
              isTokenBad &&
              can('bots-rotate_token') && (
                <Button size="sm" onClick={openRotation}>
                  {t('rotate.open')}
                </Button>
              )
            }
          >
            {t(`health.${healthCodeOf(bot)}.text`)}
          </Notice>
        )}
        {state === 'paused' && <Notice tone="warning">{t('pausedText')}</Notice>}
        <Definitions
          rows={[
            [
              t('fields.token'),
              <code key="token" className="font-mono">
                {bot.token_hint || '••••'}
              </code>,
            ],
            [
              t('fields.webhook'),
              <Moment key="webhook" at={bot.webhook_set_at} fallback={t('fields.webhookPending')} />,
            ],
            [t('fields.lastUpdate'), <Moment key="update" at={bot.last_update_at} />],
            [t('fields.pace'), <RemovalPace key="pace" bot={bot} />],
            [t('fields.connected'), <Moment key="made" at={bot.created_at} as="date" />],
          ]}
        />
      </CardBody>
      <Dialog
        isOpen={isRotating}
        onOpenChange={setIsRotating}
        title={t('rotate.title')}
        description={t('rotate.text')}
      >
        <RotateTokenForm bot={bot} onDone={() => setIsRotating(false)} />
      </Dialog>
    </Card>
  )
}
