import { Gift, type LucideIcon, Megaphone, Ticket, Tickets, CreditCard } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Operation } from '@/api/permissions.gen'
import { isOpen, useMaybeTenant } from '@/lib/tenancy'
import { Item } from './palette-parts'

interface CreateAction {
  /** `palette.create.…` in the common texts. */
  name: 'plan' | 'promoCode' | 'manyCodes' | 'broadcast' | 'access'
  icon: LucideIcon
  path: string
  needs: Operation
}

const ACTIONS: readonly CreateAction[] = [
  { name: 'plan', icon: CreditCard, path: '/plans/new', needs: 'plans-create' },
  { name: 'promoCode', icon: Ticket, path: '/promo-codes/new', needs: 'promo_codes-create' },
  { name: 'manyCodes', icon: Tickets, path: '/promo-codes/generate', needs: 'promo_codes-generate' },
  { name: 'broadcast', icon: Megaphone, path: '/broadcasts/new', needs: 'broadcasts-create' },
  // Access is granted on the page of whoever gets it.
  { name: 'access', icon: Gift, path: '/subscribers', needs: 'users-grant' },
]

/** What can be made in the tenant at hand by whoever is asked for it, found by words of either language. */
export function CreateActions({ onChosen }: { onChosen: (to: string) => void }) {
  const { t } = useTranslation()
  const tenant = useMaybeTenant()
  if (!tenant) return null
  const allowed = ACTIONS.filter(({ needs }) => isOpen(needs, tenant))
  return allowed.map(({ name, icon: Icon, path }) => (
    <Item key={name} keywords={[t(`palette.words.${name}`)]} onSelect={() => onChosen(path)}>
      <Icon aria-hidden />
      {t(`palette.create.${name}`)}
    </Item>
  ))
}
