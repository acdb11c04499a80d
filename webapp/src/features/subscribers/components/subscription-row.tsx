import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type UserDetailsOut, type UserSubscriptionOut, subscriptionsRevoke } from '@/api'
import { AlertDialog } from '@/components/ui/alert-dialog'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { later } from '@/lib/later'
import { useTenantAction } from '@/lib/requests'
import { useCan } from '@/lib/tenancy'
import { useFormat } from '@/lib/use-format'
import { usePersonName } from '@/lib/use-person-name'
import { AutopayState } from './autopay-state'
import { ChangePlan } from './change-plan'
import { PauseActions } from './pause-actions'
import { SubscriptionEnd } from './subscription-end'
import { SubscriptionPeriods } from './subscription-periods'

const ExtendForm = later(() => import('./extend-form').then((file) => file.ExtendForm))

const TONES = { active: 'success', paused: 'info', expired: 'neutral' } as const

interface SubscriptionRowProps {
  user: UserDetailsOut
  subscription: UserSubscriptionOut
}

export function SubscriptionRow({ user, subscription }: SubscriptionRowProps) {
  const { t } = useTranslation('subscribers')
  const format = useFormat()
  const can = useCan()
  const nameOf = usePersonName()
  const [asked, setAsked] = useState<'extend' | 'revoke'>()
  const close = () => setAsked(undefined)
  const revoke = useTenantAction(
    (path) => subscriptionsRevoke({ path: { ...path, subscription_id: subscription.id } }),
    { done: t('revoke.done'), onDone: close },
  )
  const { status, ends_at, access_ends_at, plan_title } = subscription
  const changedTo: string | undefined = user.changed_to[subscription.id]
  // Of somebody who is being forgotten access can be ended, and nothing else.
  const isKept = user.erasure_asked_at === null
  const isActive = status === 'active'
  const autopay = user.autopays.find(({ subscription_id }) => subscription_id === subscription.id)
  const hasGrace = ends_at !== null && access_ends_at !== null && access_ends_at !== ends_at
  return (
    <li className="space-y-3 px-4 py-4 sm:px-5">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-3">
        <div className="min-w-0">
          <p className="flex flex-wrap items-center gap-2 font-medium">
            {plan_title}
            <Badge tone={TONES[status]}>
              {changedTo === undefined
                ? t(`subscription.${status}`)
                : t('subscription.changed', { plan: changedTo })}
            </Badge>
          </p>
          <p className="mt-0.5 text-muted-foreground">
            <SubscriptionEnd subscription={subscription} />
          </p>
          {isActive && hasGrace && (
            <p className="text-muted-foreground">
              {t('access.grace', { at: format.dateTime(access_ends_at) })}
            </p>
          )}
        </div>
        <div className="flex flex-wrap gap-2">
          {can('subscriptions-extend') && isKept && ends_at !== null && (
            <Button size="sm" onClick={() => setAsked('extend')}>
              {t('extend.open')}
            </Button>
          )}
          {isKept && <PauseActions subscription={subscription} />}
          {isKept && <ChangePlan subscription={subscription} />}
          {can('subscriptions-revoke') && status !== 'expired' && (
            <Button size="sm" variant="ghost" className="text-danger" onClick={() => setAsked('revoke')}>
              {t('revoke.open')}
            </Button>
          )}
        </div>
      </div>
      {autopay && <AutopayState autopay={autopay} planTitle={plan_title} />}
      <SubscriptionPeriods subscriptionId={subscription.id} />
      <Dialog
        isOpen={asked === 'extend'}
        onOpenChange={close}
        title={t('extend.title', { plan: plan_title })}
        description={t('extend.text')}
      >
        <ExtendForm subscription={subscription} onDone={close} />
      </Dialog>
      <AlertDialog
        isOpen={asked === 'revoke'}
        onOpenChange={close}
        title={t('revoke.title', { plan: plan_title, name: nameOf(user) })}
        description={t('revoke.text')}
        typeToConfirm={plan_title}
        confirmLabel={t('revoke.submit')}
        isPending={revoke.isPending}
        onConfirm={() => revoke.mutate()}
      />
    </li>
  )
}
