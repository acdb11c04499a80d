import { Plus, Webhook } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { WebhookOut } from '@/api'
import { webhooksListOptions } from '@/api/@tanstack/react-query.gen'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Card, CardHeader } from '@/components/ui/card'
import { Dialog } from '@/components/ui/dialog'
import { Loaded } from '@/components/ui/loaded'
import { ShownOnce } from '@/components/ui/shown-once'
import { Skeleton } from '@/components/ui/skeleton'
import { State } from '@/components/ui/state'
import { later } from '@/lib/later'
import { useTenantQuery } from '@/lib/requests'
import { useCan } from '@/lib/tenancy'
import { WebhookMenu } from './webhook-menu'

const WebhookForm = later(() => import('./webhook-form').then((file) => file.WebhookForm))

/** The addresses of the tenant's own programs that are told what happens. */
export function WebhooksCard() {
  const { t } = useTranslation('api')
  const can = useCan()
  const webhooks = useTenantQuery((path) => webhooksListOptions({ path }))
  const [isMaking, setIsMaking] = useState(false)
  const [secret, setSecret] = useState<string>()
  return (
    <Card>
      <CardHeader
        title={t('webhooks.title')}
        description={t('webhooks.text')}
        actions={
          can('webhooks-create') && (
            <Button variant="primary" onClick={() => setIsMaking(true)}>
              <Plus aria-hidden />
              {t('webhooks.create')}
            </Button>
          )
        }
      />
      <Loaded query={webhooks} skeleton={<Skeleton className="m-4 h-24" />}>
        {({ items }) =>
          items.length === 0 ? (
            <State icon={Webhook} title={t('webhooks.empty')} className="py-10">
              {t('webhooks.emptyText')}
            </State>
          ) : (
            <ul className="divide-y border-t">
              {items.map((webhook) => (
                <WebhookLine key={webhook.id} webhook={webhook} onSecret={setSecret} />
              ))}
            </ul>
          )
        }
      </Loaded>
      <Dialog isOpen={isMaking} onOpenChange={setIsMaking} title={t('webhooks.create')}>
        <WebhookForm
          onDone={(made) => {
            setIsMaking(false)
            setSecret(made)
          }}
        />
      </Dialog>
      <Dialog
        isOpen={secret !== undefined}
        onOpenChange={() => setSecret(undefined)}
        title={t('secret.webhookTitle')}
        isKept
      >
        <ShownOnce
          secret={secret ?? ''}
          copyLabel={t('secret.copy')}
          warning={t('secret.webhookWarning')}
          onDone={() => setSecret(undefined)}
        />
      </Dialog>
    </Card>
  )
}

function WebhookLine({ webhook, onSecret }: { webhook: WebhookOut; onSecret: (secret: string) => void }) {
  const { t } = useTranslation('api')
  return (
    <li className="flex items-start gap-3 px-4 py-3 sm:px-5">
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-2">
          <span className="font-medium break-all">{webhook.url}</span>
          <Standing webhook={webhook} />
        </p>
        <p className="text-muted-foreground">
          {[webhook.description, t('webhooks.events', { count: webhook.event_types.length })]
            .filter(Boolean)
            .join(' · ')}
        </p>
      </div>
      <WebhookMenu webhook={webhook} onSecret={onSecret} />
    </li>
  )
}

function Standing({ webhook }: { webhook: WebhookOut }) {
  const { t } = useTranslation('api')
  if (webhook.disabled_because !== null)
    return <Badge tone="danger">{t(`disabled.${webhook.disabled_because}`)}</Badge>
  if (webhook.failing_since_at !== null) return <Badge tone="warning">{t('webhooks.failing')}</Badge>
  return <Badge tone="success">{t('webhooks.on')}</Badge>
}
