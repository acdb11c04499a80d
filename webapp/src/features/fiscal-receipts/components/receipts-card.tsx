import { RefreshCw } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { type FiscalReceiptOut, type ReceiptState, fiscalReceiptsRetry } from '@/api'
import { fiscalReceiptsListOptions } from '@/api/@tanstack/react-query.gen'
import { Badge, type Tone } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { Moment } from '@/components/ui/moment'
import { useTenantAction, useTenantQuery } from '@/lib/requests'
import { useCan } from '@/lib/tenancy'

const TONES: Record<ReceiptState, Tone> = {
  due: 'neutral',
  pending: 'info',
  registered: 'success',
  failed: 'danger',
}

/** The fiscal receipts of a payment and of its refunds; nothing where none are due. */
export function ReceiptsCard({ paymentId }: { paymentId: string }) {
  const { t } = useTranslation('fiscal-receipts')
  const receipts = useTenantQuery(
    (path) => fiscalReceiptsListOptions({ path, query: { payment_id: paymentId } }),
    {
      refetchInterval: ({ state }) =>
        state.data?.items.some((receipt) => receipt.state === 'pending') === true ? 5000 : false,
    },
  )
  const items = receipts.data?.items ?? []
  if (items.length === 0) return null
  return (
    <Card aria-label={t('title')}>
      <CardHeader title={t('title')} />
      <CardBody>
        <ul className="divide-y">
          {items.map((receipt) => (
            <ReceiptLine key={receipt.id} receipt={receipt} />
          ))}
        </ul>
      </CardBody>
    </Card>
  )
}

function ReceiptLine({ receipt }: { receipt: FiscalReceiptOut }) {
  const { t } = useTranslation('fiscal-receipts')
  const can = useCan()
  const why = useWhy(receipt.failure)
  const retry = useTenantAction(
    (path) => fiscalReceiptsRetry({ path: { ...path, receipt_id: receipt.id } }),
    { done: t('retry.done') },
  )
  const isFailed = receipt.state === 'failed'
  return (
    <li className="py-3 first:pt-0 last:pb-0">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <span className="inline-flex items-center gap-2">
          <span className="font-medium">{t(`kinds.${receipt.kind}`)}</span>
          <Badge tone={TONES[receipt.state]}>{t(`states.${receipt.state}`)}</Badge>
        </span>
        <span className="text-muted-foreground">
          <Moment at={receipt.state_changed_at} as="time" />
        </span>
      </div>
      {isFailed && why !== undefined && <p className="mt-0.5 text-warning">{why}</p>}
      {isFailed && receipt.next_step_at !== null && (
        <p className="mt-0.5 text-muted-foreground">
          {t('again')}: <Moment at={receipt.next_step_at} as="time" />
        </p>
      )}
      {isFailed && can('fiscal_receipts-retry') && (
        <Button className="mt-2" size="sm" isPending={retry.isPending} onClick={() => retry.mutate()}>
          {!retry.isPending && <RefreshCw aria-hidden />}
          {t('retry.submit')}
        </Button>
      )}
    </li>
  )
}

/** Why it is not registered, and what helps. */
function useWhy(failure: string | null): string | undefined {
  const { t, i18n } = useTranslation('fiscal-receipts')
  if (failure === null) return undefined
  if (failure.startsWith('refused:')) return t('why.refused', { code: failure.slice('refused:'.length) })
  const key = `why.${failure}`
  return i18n.exists(`fiscal-receipts:${key}`)
    ? t(key as 'why.no_contact')
    : t('why.other', { code: failure })
}
