import { useQuery } from '@tanstack/react-query'
import { CreditCard, ReceiptText, Ticket, UserRound } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { FoundUserOut } from '@/api'
import { searchFindOptions } from '@/api/@tanstack/react-query.gen'
import { inTenant } from '@/lib/requests'
import { useMaybeTenant } from '@/lib/tenancy'
import { useDebounced } from '@/lib/use-debounced'
import { useFormat } from '@/lib/use-format'
import { Group, Item } from './palette-parts'

interface FoundProps {
  text: string
  /** An address inside the tenant. */
  onChosen: (to: string) => void
}

const SHORTEST = 2

/** What the server finds of the tenant: subscribers, payments, plans, promo codes. */
export function Found({ text, onChosen }: FoundProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const tenant = useMaybeTenant()
  const asked = useDebounced(text.trim(), 200)
  const isAsked = tenant !== null && asked.length >= SHORTEST
  const query = useQuery({
    ...inTenant(
      tenant?.id ?? '',
      searchFindOptions({ path: { tenant_id: tenant?.id ?? '' }, query: { text: asked } }),
    ),
    enabled: isAsked,
  })
  if (!isAsked || text.trim() === '') return null
  // Not cmdk's own line: a list of choices may hold no bar of progress.
  if (query.isPending) return <p role="presentation">{t('palette.searching')}</p>
  if (!query.data) return null
  const { users, payments, plans, promo_codes } = query.data
  return (
    <>
      {users.length > 0 && (
        <Group heading={t('palette.subscribers')} isAlways>
          {users.map((user) => (
            <Item
              key={user.id}
              value={`user ${user.id}`}
              isAlways
              onSelect={() => onChosen(`/subscribers/${user.id}`)}
            >
              <UserRound aria-hidden />
              <Line
                title={nameOf(user)}
                note={user.username === null ? String(user.telegram_id) : `@${user.username}`}
              />
            </Item>
          ))}
        </Group>
      )}
      {payments.length > 0 && (
        <Group heading={t('palette.payments')} isAlways>
          {payments.map((payment) => (
            <Item
              key={payment.id}
              value={`payment ${payment.id}`}
              isAlways
              onSelect={() => onChosen(`/payments/${payment.id}`)}
            >
              <ReceiptText aria-hidden />
              <Line
                title={`${format.money(payment.amount)} · ${nameOf(payment.user)}`}
                note={format.date(payment.created_at)}
              />
            </Item>
          ))}
        </Group>
      )}
      {plans.length > 0 && (
        <Group heading={t('palette.plans')} isAlways>
          {plans.map((plan) => (
            <Item
              key={plan.id}
              value={`plan ${plan.id}`}
              isAlways
              onSelect={() => onChosen(`/plans/${plan.id}`)}
            >
              <CreditCard aria-hidden />
              <Line title={plan.title} note={format.money(plan.price)} />
            </Item>
          ))}
        </Group>
      )}
      {promo_codes.length > 0 && (
        <Group heading={t('palette.promoCodes')} isAlways>
          {promo_codes.map(({ id, code }) => (
            <Item key={id} value={`promo ${id}`} isAlways onSelect={() => onChosen(`/promo-codes/${id}`)}>
              <Ticket aria-hidden />
              <Line title={code} />
            </Item>
          ))}
        </Group>
      )}
    </>
  )
}

function Line({ title, note }: { title: string; note?: string }) {
  return (
    <span className="flex min-w-0 flex-1 items-baseline justify-between gap-3">
      <span className="truncate">{title}</span>
      {note !== undefined && <span className="shrink-0 text-xs text-muted-foreground">{note}</span>}
    </span>
  )
}

function nameOf({ first_name, last_name, username, telegram_id }: FoundUserOut): string {
  return `${first_name} ${last_name}`.trim() || (username !== null ? `@${username}` : String(telegram_id))
}
