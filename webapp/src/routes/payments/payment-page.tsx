import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router-dom'
import { paymentsListTimeline } from '@/api'
import { paymentsGetOptions, refundsListOptions } from '@/api/@tanstack/react-query.gen'
import { PageBody } from '@/components/layout/page-body'
import { PageHeader } from '@/components/layout/page-header'
import { Loaded } from '@/components/ui/loaded'
import { Skeleton } from '@/components/ui/skeleton'
import { ReceiptsCard } from '@/features/fiscal-receipts/components/receipts-card'
import { PaymentStatus } from '@/features/payments/components/payment-badges'
import { PaymentCheck } from '@/features/payments/components/payment-check'
import { PaymentFacts } from '@/features/payments/components/payment-facts'
import { PaymentNotices } from '@/features/payments/components/payment-notices'
import { GiftCard } from '@/features/gifts/components/gift-card'
import { RefundButton } from '@/features/refunds/components/refund-button'
import { RefundsCard } from '@/features/refunds/components/refunds-card'
import { ShopGoneNotice } from '@/features/refunds/components/shop-gone-notice'
import { isOpen } from '@/features/refunds/states'
import { Timeline } from '@/features/timeline/components/timeline'
import { useTimeline } from '@/features/timeline/use-timeline'
import { useTenantQuery } from '@/lib/requests'
import { useTenantPath } from '@/lib/tenancy'
import { useFormat } from '@/lib/use-format'

export function Page() {
  const { t } = useTranslation('payments')
  const format = useFormat()
  const path = useTenantPath()
  const { paymentId = '' } = useParams()
  const [asked, setAsked] = useState<{ knownAt: string | null }>()
  const payment = useTenantQuery(
    (tenant) => paymentsGetOptions({ path: { ...tenant, payment_id: paymentId } }),
    {
      refetchInterval: ({ state }) =>
        asked !== undefined && state.data?.checked_at === asked.knownAt ? 1500 : false,
    },
  )
  const refunds = useTenantQuery(
    (tenant) => refundsListOptions({ path: { ...tenant, payment_id: paymentId } }),
    {
      refetchInterval: ({ state }) =>
        state.data?.items.some(({ status }) => isOpen(status)) === true ? 5000 : false,
    },
  )
  const timeline = useTimeline(['payments', paymentId], ({ path: tenant, query }) =>
    paymentsListTimeline({ path: { ...tenant, payment_id: paymentId }, query }),
  )
  return (
    <PageBody>
      <Loaded query={payment} skeleton={<Skeleton className="h-120" />}>
        {(found) => (
          <>
            <PageHeader
              title={format.money(found.amount)}
              badge={<PaymentStatus payment={found} />}
              description={found.description}
              back={{ to: path('/payments'), label: t('title') }}
              actions={
                <>
                  <PaymentCheck
                    payment={found}
                    isWaiting={found.checked_at === asked?.knownAt}
                    onAsked={(knownAt) => setAsked({ knownAt })}
                  />
                  <RefundButton
                    paymentId={found.id}
                    left={refunds.data?.left}
                    goneShopId={refunds.data?.gone_shop_id}
                  />
                </>
              }
            />
            <div className="space-y-5">
              <PaymentNotices payment={found} />
              <ShopGoneNotice shopId={refunds.data?.gone_shop_id} />
              <div className="grid items-start gap-5 lg:grid-cols-2">
                <div className="space-y-5">
                  <PaymentFacts payment={found} />
                  {(found.is_gift || found.provider === 'gift') && <GiftCard paymentId={found.id} />}
                  <RefundsCard refunds={refunds.data?.items ?? []} />
                  {found.receipt_state !== null && <ReceiptsCard paymentId={found.id} />}
                </div>
                <Timeline title={t('timeline')} query={timeline} />
              </div>
            </div>
          </>
        )}
      </Loaded>
    </PageBody>
  )
}
