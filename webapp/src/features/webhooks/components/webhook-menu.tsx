import { Ellipsis, Pencil, RefreshCw, RotateCw, Send, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type WebhookOut, webhooksDelete, webhooksReplayDead, webhooksRotate, webhooksTest } from '@/api'
import { AlertDialog } from '@/components/ui/alert-dialog'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Menu, MenuItem } from '@/components/ui/dropdown-menu'
import { later } from '@/lib/later'
import { useTenantAction } from '@/lib/requests'
import { useCan } from '@/lib/tenancy'

const WebhookForm = later(() => import('./webhook-form').then((file) => file.WebhookForm))

interface WebhookMenuProps {
  webhook: WebhookOut
  onSecret: (secret: string) => void
}

export function WebhookMenu({ webhook, onSecret }: WebhookMenuProps) {
  const { t } = useTranslation('api')
  const can = useCan()
  const [asked, setAsked] = useState<'change' | 'rotate' | 'delete'>()
  const close = () => setAsked(undefined)
  const { rotate, remove, fire, replay } = useWebhookActions(webhook, { onSecret, close })
  const isOn = webhook.disabled_because === null
  return (
    <>
      <Menu
        trigger={
          <Button variant="ghost" size="icon" aria-label={t('webhooks.menu', { url: webhook.url })}>
            <Ellipsis aria-hidden />
          </Button>
        }
      >
        <MenuItem disabled={!isOn} onSelect={() => fire.mutate()}>
          <Send aria-hidden />
          {t('test.open')}
        </MenuItem>
        <MenuItem disabled={!isOn} onSelect={() => replay.mutate()}>
          <RotateCw aria-hidden />
          {t('replayDead.open')}
        </MenuItem>
        {can('webhooks-change') && (
          <>
            <MenuItem onSelect={() => setAsked('change')}>
              <Pencil aria-hidden />
              {t('webhook.change')}
            </MenuItem>
            <MenuItem onSelect={() => setAsked('rotate')}>
              <RefreshCw aria-hidden />
              {t('rotate.open')}
            </MenuItem>
            <MenuItem tone="danger" onSelect={() => setAsked('delete')}>
              <Trash2 aria-hidden />
              {t('delete.open')}
            </MenuItem>
          </>
        )}
      </Menu>
      <Dialog isOpen={asked === 'change'} onOpenChange={close} title={t('webhook.change')}>
        <WebhookForm webhook={webhook} onDone={close} />
      </Dialog>
      <AlertDialog
        isOpen={asked === 'rotate'}
        onOpenChange={close}
        title={t('rotate.title', { name: webhook.url })}
        description={t('rotate.webhookText')}
        confirmLabel={t('rotate.submit')}
        tone="primary"
        isPending={rotate.isPending}
        onConfirm={() => rotate.mutate()}
      />
      <AlertDialog
        isOpen={asked === 'delete'}
        onOpenChange={close}
        title={t('delete.title')}
        description={t('delete.text', { url: webhook.url })}
        confirmLabel={t('delete.submit')}
        isPending={remove.isPending}
        onConfirm={() => remove.mutate()}
      />
    </>
  )
}

interface Answers {
  onSecret: (secret: string) => void
  close: () => void
}

function useWebhookActions(webhook: WebhookOut, { onSecret, close }: Answers) {
  const { t } = useTranslation('api')
  const webhook_endpoint_id = webhook.id
  const rotate = useTenantAction(
    (path) => webhooksRotate({ path: { ...path, webhook_endpoint_id }, body: { overlap_hours: 24 } }),
    {
      onDone: ({ secret }) => {
        close()
        onSecret(secret)
      },
    },
  )
  const remove = useTenantAction((path) => webhooksDelete({ path: { ...path, webhook_endpoint_id } }), {
    done: t('delete.done'),
    onDone: close,
  })
  const fire = useTenantAction((path) => webhooksTest({ path: { ...path, webhook_endpoint_id } }), {
    done: t('test.done'),
  })
  const replay = useTenantAction((path) => webhooksReplayDead({ path: { ...path, webhook_endpoint_id } }), {
    done: ({ count }) => t('replayDead.done', { count }),
  })
  return { rotate, remove, fire, replay }
}
