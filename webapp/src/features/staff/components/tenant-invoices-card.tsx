import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { InvoiceOut, InvoicesOut } from '@/api'
import { staffInvoicesListOptions } from '@/api/@tanstack/react-query.gen'
import { BilledTo } from '@/components/bill/billed-to'
import { InvoiceLine } from '@/components/bill/invoice-line'
import { Button } from '@/components/ui/button'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { Dialog } from '@/components/ui/dialog'
import { Loaded } from '@/components/ui/loaded'
import { Skeleton } from '@/components/ui/skeleton'
import { InvoiceRefundForm } from './invoice-refund-form'

/** While Stripe has not said what became of a refund, the list follows. */
const FOLLOW_MILLISECONDS = 2000

/** What the platform billed a tenant, and giving money of it back. */
export function TenantInvoicesCard({ tenantId }: { tenantId: string }) {
  const { t } = useTranslation('staff')
  const invoices = useQuery({
    ...staffInvoicesListOptions({ path: { tenant_id: tenantId } }),
    refetchInterval: ({ state: { data } }) => (data && isOnItsWay(data) ? FOLLOW_MILLISECONDS : false),
  })
  return (
    <Card aria-label={t('invoices.title')}>
      <CardHeader title={t('invoices.title')} description={t('invoices.text')} />
      <Loaded query={invoices} skeleton={<Skeleton className="m-4 h-32" />}>
        {(found) => <Papers tenantId={tenantId} found={found} />}
      </Loaded>
    </Card>
  )
}

function isOnItsWay({ items }: InvoicesOut): boolean {
  return items.some(({ refunds }) => refunds.some(({ state }) => state === 'asked'))
}

function Papers({ tenantId, found }: { tenantId: string; found: InvoicesOut }) {
  const { t } = useTranslation('staff')
  const [asked, setAsked] = useState<InvoiceOut>()
  const close = () => setAsked(undefined)
  if (found.items.length === 0)
    return <CardBody className="text-muted-foreground">{t('invoices.empty')}</CardBody>
  return (
    <>
      <CardBody>
        <BilledTo papers={found} />
      </CardBody>
      <ul className="divide-y border-t">
        {found.items.map((invoice) => (
          <InvoiceLine
            key={invoice.id}
            invoice={invoice}
            actions={
              invoice.left.amount_minor > 0 &&
              !isOnItsWay({ ...found, items: [invoice] }) && (
                <Button
                  size="sm"
                  aria-label={t('invoices.refundOne', { number: invoice.number })}
                  onClick={() => setAsked(invoice)}
                >
                  {t('invoices.refund')}
                </Button>
              )
            }
          />
        ))}
      </ul>
      <Dialog
        isOpen={asked !== undefined}
        onOpenChange={close}
        title={t('invoices.refundTitle', { number: asked?.number ?? '' })}
        description={t('invoices.refundText')}
      >
        {asked && <InvoiceRefundForm tenantId={tenantId} invoice={asked} onDone={close} />}
      </Dialog>
    </>
  )
}
