import { useTranslation } from 'react-i18next'
import { type BillingOut, billingPay } from '@/api'
import { Button } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { useTenantAction } from '@/lib/requests'
import { useCan } from '@/lib/tenancy'
import { useFormat } from '@/lib/use-format'

const STOPPING = ['sales', 'giving', 'charges', 'broadcasts'] as const
const GOING_ON = ['access', 'extending', 'bot', 'money', 'lists'] as const

/** What an unpaid bill has stopped, or will stop and when, what goes on all the same, and what to do. */
export function DebtNotice({ billing }: { billing: BillingOut }) {
  const { t } = useTranslation('billing')
  const format = useFormat()
  const can = useCan()
  const pay = useTenantAction((path) => billingPay({ path }), {
    onDone: ({ url }) => window.location.assign(url),
  })
  const { pauses_at, sales_paused_at } = billing
  if (sales_paused_at === null && pauses_at === null) return null
  const isPaused = sales_paused_at !== null
  const stops =
    pauses_at !== null && !isPaused
      ? t('debt.willStop', { at: format.dateTime(pauses_at) })
      : t('debt.stopped')
  return (
    <Notice
      tone={isPaused ? 'danger' : 'warning'}
      title={t(isPaused ? 'paused.title' : 'owing.title')}
      actions={
        can('billing-pay') && (
          <Button variant="primary" isPending={pay.isPending} onClick={() => pay.mutate()}>
            {t('debt.pay')}
          </Button>
        )
      }
    >
      <p>{t(isPaused ? 'paused.text' : 'owing.text')}</p>
      <div className="mt-3 grid gap-x-6 gap-y-3 sm:grid-cols-2">
        <Part title={stops} lines={STOPPING.map((line) => t(`debt.stopping.${line}`))} />
        <Part title={t('debt.goesOn')} lines={GOING_ON.map((line) => t(`debt.goingOn.${line}`))} />
      </div>
      <p className="mt-3">{t(can('billing-pay') ? 'debt.whatToDo' : 'debt.askOwner')}</p>
    </Notice>
  )
}

function Part({ title, lines }: { title: string; lines: string[] }) {
  return (
    <section aria-label={title}>
      <h3 className="text-sm font-medium text-foreground">{title}</h3>
      <ul className="mt-1 list-disc space-y-0.5 pl-5">
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </section>
  )
}
