import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import { giftsListOptions } from '@/api/@tanstack/react-query.gen'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { Definitions } from '@/components/ui/definitions'
import { useTenantQuery } from '@/lib/requests'
import { useTenantPath } from '@/lib/tenancy'
import { GiftActions } from './gift-actions'
import { GiftState } from './gift-state'
import { PersonLink } from './person-link'
import { Receiver } from './receiver'

/** Who gave and who took what an order is about; nothing until that is known. */
export function GiftCard({ paymentId }: { paymentId: string }) {
  const { t } = useTranslation('gifts')
  const path = useTenantPath()
  const found = useTenantQuery((tenant) =>
    giftsListOptions({ path: tenant, query: { payment_id: paymentId, size: 1 } }),
  )
  const gift = found.data?.items[0]
  if (gift === undefined) return null
  const { giver, payment_id, claim_payment_id } = gift
  const other = payment_id === paymentId ? claim_payment_id : payment_id
  return (
    <Card aria-label={t('card.title')}>
      <CardHeader title={t('card.title')} />
      <CardBody className="space-y-4">
        <Definitions
          rows={[
            [t('columns.giver'), <PersonLink key="giver" person={giver} />],
            [t('columns.receiver'), <Receiver key="receiver" gift={gift} />],
            [t('columns.status'), <GiftState key="status" gift={gift} />],
          ]}
        />
        {other !== null && (
          <Link className="block text-info hover:underline" to={path(`/payments/${other}`)}>
            {t(payment_id === paymentId ? 'card.claim' : 'card.payment')}
          </Link>
        )}
        <GiftActions gift={gift} />
      </CardBody>
    </Card>
  )
}
