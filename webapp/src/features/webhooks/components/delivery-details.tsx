import { type ReactNode, useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { WholeWebhookDeliveryOut } from '@/api'
import { webhooksGetDeliveryOptions } from '@/api/@tanstack/react-query.gen'
import { CopyButton } from '@/components/ui/copy-button'
import { Definitions } from '@/components/ui/definitions'
import { Loaded } from '@/components/ui/loaded'
import { Moment } from '@/components/ui/moment'
import { Skeleton } from '@/components/ui/skeleton'
import { useTenantQuery } from '@/lib/requests'
import { DeliveryBadge } from './delivery-badge'
import { DeliveryTries } from './delivery-tries'
import { ReplayButton } from './replay-button'

/** While an event is on its way, its tries follow. */
const FOLLOW_MILLISECONDS = 5000

interface DeliveryDetailsProps {
  id: string
  /** The address of its webhook. */
  url: string | undefined
}

/** What was sent where, each try of it, and how the server answered. */
export function DeliveryDetails({ id, url }: DeliveryDetailsProps) {
  const delivery = useTenantQuery(
    (path) => webhooksGetDeliveryOptions({ path: { ...path, webhook_delivery_id: id } }),
    { refetchInterval: ({ state: { data } }) => (data?.status === 'waiting' ? FOLLOW_MILLISECONDS : false) },
  )
  return (
    <Loaded query={delivery} skeleton={<Skeleton className="h-96" />}>
      {(found) => <Whole delivery={found} url={url} />}
    </Loaded>
  )
}

function Whole({ delivery, url }: { delivery: WholeWebhookDeliveryOut; url: string | undefined }) {
  const { t } = useTranslation('api')
  const { t: common } = useTranslation()
  const { tries, request_headers, response_excerpt, next_attempt_at, message_id, status } = delivery
  const headers = Object.entries(request_headers).map(([name, value]) => `${name}: ${value}`)
  return (
    <div className="space-y-6">
      <Definitions
        rows={[
          [t('deliveries.state'), <DeliveryBadge key="state" delivery={delivery} />],
          [t('deliveries.webhook'), <span key="url" className="break-all">{url ?? '—'}</span>], // prettier-ignore
          [t('deliveries.at'), <Moment key="at" at={delivery.created_at} as="time" />],
          ...(next_attempt_at !== null && tries.length > 0
            ? [[t('deliveries.nextTry'), <Moment key="next" at={next_attempt_at} as="time" />] as const]
            : []),
          [
            'webhook-id',
            <span key="id" className="flex items-center gap-1 font-mono text-xs break-all">
              {message_id}
              <CopyButton value={message_id} label={`${common('actions.copy')}: webhook-id`} />
            </span>,
          ],
        ]}
      />
      <ReplayButton delivery={delivery} isLabelShown />
      <Part title={t('tries.title')}>
        {tries.length > 0 ? (
          <DeliveryTries tries={tries} isWaiting={status === 'waiting'} />
        ) : (
          <p className="text-muted-foreground">{t('tries.none')}</p>
        )}
      </Part>
      <Copied title={t('parts.payload')} text={JSON.stringify(delivery.payload, null, 2)} />
      {headers.length > 0 && (
        <Copied title={t('parts.headers')} text={headers.join('\n')} note={t('parts.headersNote')} />
      )}
      {tries.some(({ response_status }) => response_status !== null) && (
        <Copied title={t('parts.answer')} text={response_excerpt} />
      )}
    </div>
  )
}

interface PartProps {
  title: string
  action?: ReactNode
  children: ReactNode
}

function Part({ title, action, children }: PartProps) {
  const id = useId()
  return (
    <section aria-labelledby={id} className="space-y-2">
      <div className="flex min-h-9 items-center justify-between gap-2">
        <h3 id={id}>{title}</h3>
        {action}
      </div>
      {children}
    </section>
  )
}

/** Text as it was sent or came, to be copied; nothing is said to be empty. */
function Copied({ title, text, note }: { title: string; text: string; note?: string }) {
  const { t } = useTranslation('api')
  const { t: common } = useTranslation()
  if (text === '')
    return (
      <Part title={title}>
        <p className="text-muted-foreground">{t('parts.empty')}</p>
      </Part>
    )
  return (
    <Part title={title} action={<CopyButton value={text} label={`${common('actions.copy')}: ${title}`} />}>
      <pre className="max-h-80 overflow-auto rounded-md bg-muted/60 p-3 font-mono text-xs break-words whitespace-pre-wrap">
        {text}
      </pre>
      {note !== undefined && <p className="text-xs text-muted-foreground">{note}</p>}
    </Part>
  )
}
