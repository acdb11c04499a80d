import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { paymentsGet } from '@/api'
import { i18n } from '@/i18n'
import { formatMoney, toLocale } from '@/lib/format'
import { followChanges } from '@/lib/live-stream'
import { isTouched } from '@/lib/live-topics'
import { notify } from '@/lib/notify'
import { useTenant } from '@/lib/tenancy'

const GATHER_MILLISECONDS = 400
/** An answer may be as much older than its arrival. */
const ASKING_MILLISECONDS = 5_000
/** Older payments that are merely looked at again are no news. */
const NEWS_MILLISECONDS = 5 * 60_000

/** Asks again for what changed in the open tenant, as it does, and says that somebody paid. */
export default function LiveUpdates() {
  const { id: tenantId } = useTenant()
  const client = useQueryClient()
  useEffect(() => {
    const topics = new Set<string>()
    const told = new Set<string>()
    let gathering: ReturnType<typeof setTimeout> | undefined
    const askAgain = () => {
      gathering = undefined
      const changed = new Set(topics)
      topics.clear()
      void client.invalidateQueries({
        queryKey: [tenantId],
        predicate: ({ queryKey }) => isTouched(operationOf(queryKey[1]), changed),
      })
    }
    const stop = followChanges(`/api/v1/tenants/${tenantId}/events`, {
      getAge: () => {
        const shown = client.getQueryCache().findAll({ queryKey: [tenantId] })
        const asked = shown.map(({ state }) => state.dataUpdatedAt).filter((at) => at > 0)
        return (Date.now() - Math.min(Date.now(), ...asked) + ASKING_MILLISECONDS) / 1000
      },
      onHint: (topic, rowId) => {
        topics.add(topic)
        gathering ??= setTimeout(askAgain, GATHER_MILLISECONDS)
        if (topic === 'payment' && rowId !== null && !told.has(rowId)) void tellPayment(tenantId, rowId, told)
      },
      onResync: () => void client.invalidateQueries({ queryKey: [tenantId] }),
      // Whether we are still signed in and belong here is found out by asking.
      onRefused: () =>
        void client.invalidateQueries({
          predicate: ({ queryKey }) =>
            operationOf(queryKey[0]) === 'authMe' ||
            (queryKey[0] === tenantId && operationOf(queryKey[1]) === 'tenantsGet'),
        }),
    })
    return () => {
      clearTimeout(gathering)
      stop()
    }
  }, [client, tenantId])
  return null
}

async function tellPayment(tenantId: string, paymentId: string, told: Set<string>): Promise<void> {
  try {
    const { data: payment } = await paymentsGet({ path: { tenant_id: tenantId, payment_id: paymentId } })
    const isNews = Date.now() - Date.parse(payment.settled_at ?? '') < NEWS_MILLISECONDS
    if (payment.status !== 'succeeded' || payment.amount.amount_minor === 0 || !isNews || told.has(paymentId))
      return
    told.add(paymentId)
    const sum = formatMoney(payment.amount, toLocale(i18n.resolvedLanguage ?? 'ru'))
    notify.success(i18n.t(payment.is_test ? 'live.paidTest' : 'live.paid', { sum }))
  } catch {
    // Not worth a word: the lists show it.
  }
}

function operationOf(part: unknown): string {
  return typeof part === 'object' && part !== null && '_id' in part ? String(part._id) : ''
}
