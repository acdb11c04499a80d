import { useQuery } from '@tanstack/react-query'
import { Command } from 'cmdk'
import { CreditCard, ReceiptText, Ticket, UserRound } from 'lucide-react'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { FindingsOut } from '@/api'
import { searchFindOptions } from '@/api/@tanstack/react-query.gen'
import { inTenant } from '@/lib/requests'
import { useMaybeTenant } from '@/lib/tenancy'
import { useDebounced } from '@/lib/use-debounced'
import { useFormat } from '@/lib/use-format'
import { usePersonName } from '@/lib/use-person-name'
import { Group, Item } from './palette-parts'

interface FoundProps {
  text: string
  /** Told the value of the first of them, to be chosen where nothing else is. */
  onFound: (first: string) => void
  /** An address inside the tenant. */
  onChosen: (to: string) => void
}

const SHORTEST = 2
/** How the values of what the server has found begin. */
const FOUND = 'found: '

/** What the server finds of the tenant: subscribers, payments, plans, promo codes. */
export function Found({ text, onFound, onChosen }: FoundProps) {
  const { t } = useTranslation()
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
  const first = query.data && firstOf(query.data)
  useEffect(() => onFound(first ?? ''), [first, onFound])
  const nothing = (
    <Command.Empty className="py-8 text-center text-muted-foreground">{t('palette.nothing')}</Command.Empty>
  )
  if (tenant === null || text.trim().length < SHORTEST) return nothing
  // Not cmdk's own line: a list of choices may hold no bar of progress.
  if (!isAsked || query.isPending) return <p role="presentation">{t('palette.searching')}</p>
  if (!query.data) return nothing
  return first === undefined ? nothing : <Rows found={query.data} onChosen={onChosen} />
}

function Rows({ found, onChosen }: { found: FindingsOut; onChosen: FoundProps['onChosen'] }) {
  const { t } = useTranslation()
  const format = useFormat()
  const nameOf = usePersonName()
  const { users, payments, plans, promo_codes } = found
  return (
    <>
      {users.length > 0 && (
        <Group heading={t('palette.subscribers')} isAlways>
          {users.map((user) => (
            <Item
              isAlways
              key={user.id}
              value={`${FOUND}user ${user.id}`}
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
              isAlways
              key={payment.id}
              value={`${FOUND}payment ${payment.id}`}
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
              isAlways
              key={plan.id}
              value={`${FOUND}plan ${plan.id}`}
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
            <Item
              isAlways
              key={id}
              value={`${FOUND}promo ${id}`}
              onSelect={() => onChosen(`/promo-codes/${id}`)}
            >
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

function firstOf({ users, payments, plans, promo_codes }: FindingsOut): string | undefined {
  const kinds = { user: users, payment: payments, plan: plans, promo: promo_codes }
  const found = Object.entries(kinds).find(([, rows]) => rows.length > 0)
  return found && `${FOUND}${found[0]} ${found[1][0]?.id ?? ''}`
}
