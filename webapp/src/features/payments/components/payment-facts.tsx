import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import type { PaymentRowOut } from '@/api'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { CopyButton } from '@/components/ui/copy-button'
import { Definitions } from '@/components/ui/definitions'
import { Moment } from '@/components/ui/moment'
import { useTenantPath } from '@/lib/tenancy'
import { useFormat } from '@/lib/use-format'
import { usePersonName } from '@/lib/use-person-name'
import { isGiven } from '../given'
import { Delivery, Method } from './payment-badges'

export function PaymentFacts({ payment }: { payment: PaymentRowOut }) {
  const { t } = useTranslation('payments')
  const format = useFormat()
  const path = useTenantPath()
  const nameOf = usePersonName()
  const { amount, credit, list_price, user } = payment
  // A change of plan goes without promo codes: what is missing from the price was paid with time. What was given by
  // hand or by a list had no price to take anything off.
  const hasDiscount = credit.amount_minor === 0 && !isGiven(payment)
  const discount = hasDiscount ? list_price.amount_minor - amount.amount_minor : 0
  const rows: (readonly [string, React.ReactNode])[] = [
    [
      t('columns.payer'),
      <Link key="payer" className="text-info hover:underline" to={path(`/subscribers/${user.id}`)}>
        {nameOf(user)}
        {user.username !== null && ` (@${user.username})`}
      </Link>,
    ],
    [
      t('columns.plan'),
      <Link key="plan" className="text-info hover:underline" to={path(`/plans/${payment.plan_id}`)}>
        {payment.plan_title}
      </Link>,
    ],
    [t('columns.method'), <Method key="method" payment={payment} />],
    [
      t(payment.is_gift ? 'facts.giftLink' : 'columns.delivery'),
      <Delivery key="delivery" payment={payment} />,
    ],
  ]
  if (discount > 0) {
    rows.push([t('facts.listPrice'), format.money(list_price)])
    rows.push([t('facts.discount'), format.money({ ...list_price, amount_minor: discount })])
  }
  if (credit.amount_minor > 0) {
    if (list_price.amount_minor > 0) rows.push([t('facts.listPrice'), format.money(list_price)])
    rows.push([t('facts.credit'), format.money(credit)])
  }
  if (payment.refunded.amount_minor > 0) rows.push([t('facts.refunded'), format.money(payment.refunded)])
  if (payment.promo_code_id !== null)
    rows.push([
      t('facts.promoCode'),
      <Link
        key="promo"
        className="text-info hover:underline"
        to={path(`/promo-codes/${payment.promo_code_id}`)}
      >
        {t('facts.openPromoCode')}
      </Link>,
    ])
  rows.push([t('columns.created'), <Moment key="created" at={payment.created_at} as="time" />])
  if (payment.settled_at !== null)
    rows.push([
      t(payment.status === 'canceled' ? 'facts.canceledAt' : 'facts.paidAt'),
      <Moment key="settled" at={payment.settled_at} as="time" />,
    ])
  if (payment.receipt_sent_at !== null && payment.provider === 'yookassa')
    rows.push([t('facts.told'), <Moment key="told" at={payment.receipt_sent_at} as="time" />])
  if (payment.provider_payment_id !== null)
    rows.push([
      t('facts.gatewayId'),
      <Copied key="gateway" value={payment.provider_payment_id} label={t('facts.copyGatewayId')} />,
    ])
  rows.push([t('facts.id'), <Copied key="id" value={payment.id} label={t('facts.copyId')} />])
  return (
    <Card aria-label={t('facts.title')}>
      <CardHeader title={t('facts.title')} />
      <CardBody>
        <Definitions rows={rows} />
      </CardBody>
    </Card>
  )
}

function Copied({ value, label }: { value: string; label: string }) {
  return (
    <span className="flex items-start gap-1">
      <span className="min-w-0 font-mono text-xs leading-5 break-all">{value}</span>
      <span className="-my-2">
        <CopyButton value={value} label={label} />
      </span>
    </span>
  )
}
