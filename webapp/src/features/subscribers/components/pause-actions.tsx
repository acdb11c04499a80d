import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type UserSubscriptionOut, subscriptionsResume } from '@/api'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { later } from '@/lib/later'
import { useTenantAction } from '@/lib/requests'
import { useCan } from '@/lib/tenancy'

const PauseForm = later(() => import('./pause-form').then((file) => file.PauseForm))

/** The way to have a running subscription stand still, and a paused one run again. */
export function PauseActions({ subscription }: { subscription: UserSubscriptionOut }) {
  const { t } = useTranslation('subscribers')
  const can = useCan()
  const [isAsked, setIsAsked] = useState(false)
  const close = () => setIsAsked(false)
  const resume = useTenantAction(
    (path) => subscriptionsResume({ path: { ...path, subscription_id: subscription.id } }),
    { done: t('pause.resumed') },
  )
  const { status, ends_at, plan_title } = subscription
  if (status === 'paused')
    return (
      can('subscriptions-resume') && (
        <Button size="sm" isPending={resume.isPending} onClick={() => resume.mutate()}>
          {t('pause.resume')}
        </Button>
      )
    )
  if (status !== 'active' || ends_at === null || !can('subscriptions-pause')) return null
  return (
    <>
      <Button size="sm" onClick={() => setIsAsked(true)}>
        {t('pause.open')}
      </Button>
      <Dialog
        isOpen={isAsked}
        onOpenChange={close}
        title={t('pause.title', { plan: plan_title })}
        description={t('pause.text')}
      >
        <PauseForm subscription={subscription} onDone={close} />
      </Dialog>
    </>
  )
}
