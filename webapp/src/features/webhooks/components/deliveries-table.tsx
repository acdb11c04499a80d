import type { UseQueryResult } from '@tanstack/react-query'
import { Info, Send } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CountedPageOutWebhookDeliveryOut, WebhookDeliveryOut } from '@/api'
import { columnsOf } from '@/components/data-table/columns'
import { DataTable, type ListState } from '@/components/data-table/data-table'
import { Button } from '@/components/ui/button'
import { Moment } from '@/components/ui/moment'
import { Sheet } from '@/components/ui/sheet'
import { State } from '@/components/ui/state'
import { later } from '@/lib/later'
import { useDeliveryWords } from '../use-delivery-words'
import { DeliveryBadge } from './delivery-badge'
import { ReplayButton } from './replay-button'

const DeliveryDetails = later(() => import('./delivery-details').then((file) => file.DeliveryDetails))

interface DeliveriesTableProps {
  query: UseQueryResult<CountedPageOutWebhookDeliveryOut>
  state: ListState
  onChange: (changes: Partial<ListState>) => void
  /** The addresses by the ids of their webhooks. */
  urls: Readonly<Record<string, string>>
}

const column = columnsOf<WebhookDeliveryOut>()
/** What was told to whom, and how that went. */
export function DeliveriesTable({ query, state, onChange, urls }: DeliveriesTableProps) {
  const { t } = useTranslation('api')
  const { t: common } = useTranslation()
  const [shown, setShown] = useState<WebhookDeliveryOut>()
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
          cell: ({ row }) => (
            <span className="flex justify-end gap-1">
              <ReplayButton delivery={row.original} />
              <Button
                variant="ghost"
                size="icon"
                aria-label={t('deliveries.open', { event: row.original.event_type })}
                title={t('deliveries.details')}
                onClick={() => setShown(row.original)}
              >
                <Info aria-hidden />
              </Button>
            </span>
          ),
        }),
      ]),
    [common, t, urls],
  )
  return (
    <>
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
      <Sheet
        isOpen={shown !== undefined}
        onOpenChange={() => setShown(undefined)}
        title={shown?.event_type ?? ''}
        className="sm:max-w-xl"
      >
        {shown && <DeliveryDetails id={shown.id} url={urls[shown.webhook_endpoint_id]} />}
      </Sheet>
    </>
  )
}

function Outcome({ delivery }: { delivery: WebhookDeliveryOut }) {
  const { t } = useTranslation('api')
  const said = useDeliveryWords()(delivery)
  const { failure, next_attempt_at } = delivery
  return (
    <span className="flex flex-col items-start gap-0.5">
      <DeliveryBadge delivery={delivery} />
      {said !== undefined && <span className="text-xs text-muted-foreground">{said}</span>}
      {failure !== '' && next_attempt_at !== null && (
        <span className="text-xs text-muted-foreground">
          {t('deliveries.next')} <Moment at={next_attempt_at} />
        </span>
      )}
    </span>
  )
}
