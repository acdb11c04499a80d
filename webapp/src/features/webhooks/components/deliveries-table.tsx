import type { UseQueryResult } from '@tanstack/react-query'
import { RotateCw, Send } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { type CountedPageOutWebhookDeliveryOut, type WebhookDeliveryOut, webhooksReplay } from '@/api'
import { columnsOf } from '@/components/data-table/columns'
import { DataTable, type ListState } from '@/components/data-table/data-table'
import { Badge, type Tone } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Moment } from '@/components/ui/moment'
import { State } from '@/components/ui/state'
import { useTenantAction } from '@/lib/requests'

interface DeliveriesTableProps {
  query: UseQueryResult<CountedPageOutWebhookDeliveryOut>
  state: ListState
  onChange: (changes: Partial<ListState>) => void
  /** The addresses by the ids of their webhooks. */
  urls: Readonly<Record<string, string>>
}

const column = columnsOf<WebhookDeliveryOut>()
const TONES: Record<WebhookDeliveryOut['status'], Tone> = {
  waiting: 'info',
  delivered: 'success',
  dead: 'danger',
}
const FAILURES = [
  'timeout', 'no_connection', 'name_unknown', 'tls', 'address_forbidden', 'broken_answer', 'disabled',
] as const // prettier-ignore

/** What was told to whom, and how that went. */
export function DeliveriesTable({ query, state, onChange, urls }: DeliveriesTableProps) {
  const { t } = useTranslation('api')
  const { t: common } = useTranslation()
  const columns = useMemo(
    () =>
      column.columns([
        column.accessor('event_type', {
          header: t('deliveries.event'),
          meta: { isTitle: true },
          cell: ({ getValue }) => <code>{getValue()}</code>,
        }),
        column.accessor('webhook_endpoint_id', {
          header: t('deliveries.webhook'),
          cell: ({ getValue }) => <span className="break-all">{urls[getValue()] ?? '—'}</span>,
        }),
        column.accessor('status', {
          header: t('deliveries.state'),
          cell: ({ row }) => <Outcome delivery={row.original} />,
        }),
        column.accessor('attempts', { header: t('deliveries.attempts') }),
        column.accessor('created_at', {
          header: t('deliveries.at'),
          cell: ({ getValue }) => <Moment at={getValue()} />,
        }),
        column.display({
          id: 'actions',
          header: () => <span className="sr-only">{common('table.rowActions')}</span>,
          meta: { isActions: true, align: 'end' },
          cell: ({ row }) => <Replay delivery={row.original} />,
        }),
      ]),
    [common, t, urls],
  )
  return (
    <DataTable
      label={t('deliveries.title')}
      columns={columns}
      query={query}
      rowKey={({ id }) => id}
      state={state}
      onChange={onChange}
      empty={
        <State icon={Send} title={t('deliveries.empty')}>
          {t('deliveries.emptyText')}
        </State>
      }
    />
  )
}

function Outcome({ delivery }: { delivery: WebhookDeliveryOut }) {
  const { t } = useTranslation('api')
  const { status, failure, response_status, next_attempt_at } = delivery
  const known = FAILURES.find((name) => name === failure)
  const said =
    known === undefined
      ? response_status !== null && t('deliveries.answered', { status: response_status })
      : t(`failures.${known}`)
  return (
    <span className="flex flex-col items-start gap-0.5">
      <Badge tone={TONES[status]}>{t(`deliveries.states.${status}`)}</Badge>
      {said !== false && <span className="text-xs text-muted-foreground">{said}</span>}
      {failure !== '' && next_attempt_at !== null && (
        <span className="text-xs text-muted-foreground">
          {t('deliveries.next')} <Moment at={next_attempt_at} />
        </span>
      )}
    </span>
  )
}

function Replay({ delivery }: { delivery: WebhookDeliveryOut }) {
  const { t } = useTranslation('api')
  const replay = useTenantAction(
    (path) => webhooksReplay({ path: { ...path, webhook_delivery_id: delivery.id } }),
    { done: t('replay.done') },
  )
  if (delivery.status === 'waiting') return null
  return (
    <Button
      variant="ghost"
      size="icon"
      aria-label={t('replay.open', { event: delivery.event_type })}
      title={t('replay.short')}
      isPending={replay.isPending}
      onClick={() => replay.mutate()}
    >
      {!replay.isPending && <RotateCw aria-hidden />}
    </Button>
  )
}
