import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'react-router-dom'
import { type BillStandingOut, billingPay } from '@/api'
import { Button } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { useTenantAction } from '@/lib/requests'
import { useCan, useTenant, useTenantPath } from '@/lib/tenancy'
import { useFormat } from '@/lib/use-format'

/** A trial that ends within these days is spoken of. */
const SOON_DAYS = 3

/** What the platform's bill comes to for the project: an unpaid one, sales that it has paused, the end of a trial. */
export function BillBanner({ bill }: { bill: BillStandingOut }) {
  const { t } = useTranslation()
  const format = useFormat()
  const billing = useTenantPath()('/settings/billing')
  // The page of the bill says it all in more words.
  if (useLocation().pathname === billing) return null
  if (bill.sales_paused_at !== null)
    return (
      <Notice tone="danger" title={t('banners.billPausedTitle')} actions={<Ways />}>
        {t('banners.billPausedText')}
      </Notice>
    )
  if (bill.pauses_at !== null)
    return (
      <Notice tone="warning" title={t('banners.billOwedTitle')} actions={<Ways />}>
        {t('banners.billOwedText', { until: format.dateTime(bill.pauses_at) })}
      </Notice>
    )
  if (bill.standing !== 'trialing' || bill.trial_ends_at === null || !isSoon(bill.trial_ends_at)) return null
  return (
    <Notice
      tone="info"
      title={t('banners.trialTitle', { until: format.dateTime(bill.trial_ends_at) })}
      actions={<BillingLink />}
    >
      {t(bill.cancels_at === null ? 'banners.trialGoesOn' : 'banners.trialEnds')}
    </Notice>
  )
}

function isSoon(iso: string): boolean {
  return Date.parse(iso) - Date.now() < SOON_DAYS * 86_400_000
}

function Ways() {
  const { t } = useTranslation()
  const can = useCan()
  const { suspended_at } = useTenant()
  const pay = useTenantAction((path) => billingPay({ path }), {
    onDone: ({ url }) => window.location.assign(url),
  })
  // Nothing can be done in a suspended project, which another banner says.
  if (suspended_at !== null) return null
  if (!can('billing-pay'))
    return (
      <>
        <p className="w-full">{t('banners.askOwner')}</p>
        <BillingLink />
      </>
    )
  return (
    <>
      <Button size="sm" variant="primary" isPending={pay.isPending} onClick={() => pay.mutate()}>
        {t('banners.pay')}
      </Button>
      <BillingLink />
    </>
  )
}

function BillingLink() {
  const { t } = useTranslation()
  const can = useCan()
  const path = useTenantPath()
  if (!can('billing-get')) return null
  return (
    <Button asChild size="sm">
      <Link to={path('/settings/billing')}>{t('banners.toBilling')}</Link>
    </Button>
  )
}
