import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type UserAutopayOut, subscriptionsTurnOffAutopay } from '@/api'
import { AlertDialog } from '@/components/ui/alert-dialog'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { useTenantAction } from '@/lib/requests'
import { useCan } from '@/lib/tenancy'
import { useFormat } from '@/lib/use-format'

interface AutopayStateProps {
  autopay: UserAutopayOut
  planTitle: string
}

/** Whether a subscription renews by itself, with what, and what went wrong last. */
export function AutopayState({ autopay, planTitle }: AutopayStateProps) {
  const { t } = useTranslation('subscribers')
  const format = useFormat()
  const can = useCan()
  const [isAsked, setIsAsked] = useState(false)
  const close = () => setIsAsked(false)
  const turnOff = useTenantAction(
    (path) => subscriptionsTurnOffAutopay({ path: { ...path, subscription_id: autopay.subscription_id } }),
    { done: t('autopay.done'), onDone: close },
  )
  const { status, method_title, price, next_charge_at, last_failure, last_failed_at, off_reason, off_at } =
    autopay
  const isOn = status === 'on'
  const why = (code: string) =>
    t(`autopay.reasons.${code}`, { defaultValue: t('autopay.declined', { code }) })
  return (
    <section
      aria-label={t('autopay.title')}
      className="flex flex-wrap items-start justify-between gap-x-4 gap-y-3 rounded-md border px-3 py-2.5"
    >
      <div className="min-w-0 space-y-0.5">
        <p className="flex flex-wrap items-center gap-2 font-medium">
          {t('autopay.title')}
          <Badge tone={isOn ? 'success' : 'neutral'}>{t(`autopay.status.${status}`)}</Badge>
        </p>
        <p className="text-muted-foreground">
          {method_title}
          {isOn && next_charge_at !== null && price !== null && (
            <> · {t('autopay.next', { at: format.dateTime(next_charge_at), amount: format.money(price) })}</>
          )}
          {isOn && next_charge_at === null && <> · {t('autopay.none')}</>}
        </p>
        {last_failure !== null && last_failed_at !== null && (
          <p className="text-danger">
            {t('autopay.failed', { at: format.dateTime(last_failed_at), reason: why(last_failure) })}
          </p>
        )}
        <Consent autopay={autopay} />
        {!isOn && off_at !== null && off_reason !== null && (
          <p className="text-muted-foreground">
            {t('autopay.off', { at: format.dateTime(off_at), reason: why(off_reason) })}
          </p>
        )}
      </div>
      {isOn && can('subscriptions-turn_off_autopay') && (
        <Button size="sm" onClick={() => setIsAsked(true)}>
          {t('autopay.turnOff')}
        </Button>
      )}
      <AlertDialog
        isOpen={isAsked}
        onOpenChange={close}
        title={t('autopay.ask', { plan: planTitle })}
        description={t('autopay.askText')}
        confirmLabel={t('autopay.turnOff')}
        isPending={turnOff.isPending}
        onConfirm={() => turnOff.mutate()}
      />
    </section>
  )
}

/** When the person agreed, and was told of the charge that comes. */
function Consent({ autopay: { consent_given_at, noticed_at, status } }: Pick<AutopayStateProps, 'autopay'>) {
  const { t } = useTranslation('subscribers')
  const format = useFormat()
  if (consent_given_at === null) return null
  return (
    <p className="text-muted-foreground">
      {t('autopay.consent', { at: format.dateTime(consent_given_at) })}
      {status === 'on' && noticed_at !== null && (
        <> · {t('autopay.noticed', { at: format.dateTime(noticed_at) })}</>
      )}
    </p>
  )
}
