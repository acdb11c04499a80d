import { useTranslation } from 'react-i18next'
import type { UserDetailsOut } from '@/api'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { SubscriptionRow } from './subscription-row'

export function SubscriptionsCard({ user }: { user: UserDetailsOut }) {
  const { t } = useTranslation('subscribers')
  return (
    <Card aria-label={t('subscriptions.title')}>
      <CardHeader title={t('subscriptions.title')} />
      {user.subscriptions.length === 0 ? (
        <CardBody className="text-muted-foreground">{t('subscriptions.none')}</CardBody>
      ) : (
        <ul className="divide-y border-t">
          {user.subscriptions.map((subscription) => (
            <SubscriptionRow key={subscription.id} user={user} subscription={subscription} />
          ))}
        </ul>
      )}
    </Card>
  )
}
