import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { UserSubscriptionOut } from '@/api'
import { subscriptionsListChangesOptions } from '@/api/@tanstack/react-query.gen'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Loaded } from '@/components/ui/loaded'
import { Notice } from '@/components/ui/notice'
import { Skeleton } from '@/components/ui/skeleton'
import { later } from '@/lib/later'
import { useTenantQuery } from '@/lib/requests'
import { useCan } from '@/lib/tenancy'

const ChangePlanForm = later(() => import('./change-plan-form').then((file) => file.ChangePlanForm))

/** The way to move a running subscription to another plan. */
export function ChangePlan({ subscription }: { subscription: UserSubscriptionOut }) {
  const { t } = useTranslation('subscribers')
  const can = useCan()
  const [isOpen, setIsOpen] = useState(false)
  const { status, ends_at, plan_title } = subscription
  if (status !== 'active' || ends_at === null || !can('subscriptions-change_plan')) return null
  return (
    <>
      <Button size="sm" onClick={() => setIsOpen(true)}>
        {t('changePlan.open')}
      </Button>
      <Dialog
        isOpen={isOpen}
        onOpenChange={setIsOpen}
        title={t('changePlan.title', { plan: plan_title })}
        description={t('changePlan.text')}
      >
        <Choices subscription={subscription} onDone={() => setIsOpen(false)} />
      </Dialog>
    </>
  )
}

function Choices({ subscription, onDone }: { subscription: UserSubscriptionOut; onDone: () => void }) {
  const { t } = useTranslation('subscribers')
  const changes = useTenantQuery((tenant) =>
    subscriptionsListChangesOptions({ path: { ...tenant, subscription_id: subscription.id } }),
  )
  return (
    <Loaded query={changes} skeleton={<Skeleton className="h-60" />}>
      {({ items }) =>
        items.length > 0 ? (
          <ChangePlanForm subscription={subscription} changes={items} onDone={onDone} />
        ) : (
          <Notice tone="info">{t('changePlan.empty')}</Notice>
        )
      }
    </Loaded>
  )
}
