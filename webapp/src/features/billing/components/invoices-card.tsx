import { useTranslation } from 'react-i18next'
import type { InvoicesOut } from '@/api'
import { billingListInvoicesOptions } from '@/api/@tanstack/react-query.gen'
import { InvoiceLine } from '@/components/bill/invoice-line'
import { BilledTo } from '@/components/bill/billed-to'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { Loaded } from '@/components/ui/loaded'
import { Skeleton } from '@/components/ui/skeleton'
import { useTenantQuery } from '@/lib/requests'

/** What the project was billed, and whom the bills are made out to, as Stripe has it. */
export function InvoicesCard() {
  const { t } = useTranslation('billing')
  const invoices = useTenantQuery((path) => billingListInvoicesOptions({ path }))
  return (
    <Card aria-label={t('invoices.title')}>
      <CardHeader title={t('invoices.title')} description={t('invoices.text')} />
      <Loaded query={invoices} skeleton={<Skeleton className="m-4 h-24" />}>
        {(found) => <Papers found={found} />}
      </Loaded>
    </Card>
  )
}

function Papers({ found }: { found: InvoicesOut }) {
  const { t } = useTranslation('billing')
  return (
    <>
      <CardBody>
        <BilledTo papers={found} hint={t('invoices.changeInPortal')} />
      </CardBody>
      {found.items.length === 0 ? (
        <CardBody className="text-muted-foreground">{t('invoices.empty')}</CardBody>
      ) : (
        <ul className="divide-y border-t">
          {found.items.map((invoice) => (
            <InvoiceLine key={invoice.id} invoice={invoice} />
          ))}
        </ul>
      )}
    </>
  )
}
