import { Activity, Ellipsis, KeyRound, Pause, Play, RefreshCw, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type BotOut, botsCheckHealth, botsDelete, botsPause, botsResume, botsRotateWebhook } from '@/api'
import { AlertDialog } from '@/components/ui/alert-dialog'
import { Button } from '@/components/ui/button'
import { Menu, MenuItem, MenuSeparator } from '@/components/ui/dropdown-menu'
import { useTenantAction } from '@/lib/requests'
import { useCan } from '@/lib/tenancy'

interface BotMenuProps {
  bot: BotOut
  onRotate: () => void
}

export function BotMenu({ bot, onRotate }: BotMenuProps) {
  const { t } = useTranslation('bots')
  const can = useCan()
  const [isDeleting, setIsDeleting] = useState(false)
  const bot_id = bot.id
  const check = useTenantAction((path) => botsCheckHealth({ path: { ...path, bot_id } }), {
    done: t('check.done'),
  })
  const pause = useTenantAction((path) => botsPause({ path: { ...path, bot_id } }), { done: t('pause.done') })
  const resume = useTenantAction((path) => botsResume({ path: { ...path, bot_id } }), {
    done: t('resume.done'),
  })
  const webhook = useTenantAction((path) => botsRotateWebhook({ path: { ...path, bot_id } }), {
    done: t('webhook.done'),
  })
  const remove = useTenantAction((path) => botsDelete({ path: { ...path, bot_id } }), {
    done: t('delete.done'),
    onDone: () => setIsDeleting(false),
  })
  const items = [
    can('bots-check_health') && (
      <MenuItem key="check" onSelect={() => check.mutate()}>
        <Activity aria-hidden />
        {t('check.submit')}
      </MenuItem>
    ),
    can('bots-rotate_token') && (
      <MenuItem key="rotate" onSelect={onRotate}>
        <KeyRound aria-hidden />
        {t('rotate.open')}
      </MenuItem>
    ),
    can('bots-rotate_webhook') && (
      <MenuItem key="webhook" onSelect={() => webhook.mutate()}>
        <RefreshCw aria-hidden />
        {t('webhook.submit')}
      </MenuItem>
    ),
    can('bots-pause') && bot.status === 'active' && (
      <MenuItem key="pause" onSelect={() => pause.mutate()}>
        <Pause aria-hidden />
        {t('pause.submit')}
      </MenuItem>
    ),
    can('bots-resume') && bot.status === 'paused' && (
      <MenuItem key="resume" onSelect={() => resume.mutate()}>
        <Play aria-hidden />
        {t('resume.submit')}
      </MenuItem>
    ),
  ].filter(Boolean)
  if (!items.length) return null
  return (
    <>
      <Menu
        trigger={
          <Button variant="ghost" size="icon" aria-label={t('menu', { bot: bot.username })}>
            <Ellipsis aria-hidden />
          </Button>
        }
      >
        {items}
        {can('bots-delete') && (
          <>
            <MenuSeparator />
            <MenuItem tone="danger" onSelect={() => setIsDeleting(true)}>
              <Trash2 aria-hidden />
              {t('delete.open')}
            </MenuItem>
          </>
        )}
      </Menu>
      <AlertDialog
        isOpen={isDeleting}
        onOpenChange={setIsDeleting}
        title={t('delete.title', { bot: bot.username })}
        description={t('delete.text', {
          renewals: t(bot.status === 'token_revoked' ? 'delete.renewalsLeft' : 'delete.renewalsOff'),
        })}
        typeToConfirm={bot.username}
        confirmLabel={t('delete.submit')}
        isPending={remove.isPending}
        onConfirm={() => remove.mutate()}
      />
    </>
  )
}
