/** The sections of a tenant: one line each. The sidebar, the phone's bar, the command palette and the shortcuts follow it. */
import {
  Bot,
  ChartColumn,
  CreditCard,
  House,
  type LucideIcon,
  ScrollText,
  UserCog,
  Radio,
  Smartphone,
  Download,
  Inbox,
  Link2,
  Megaphone,
  MessageSquareText,
  ReceiptText,
  Settings,
  Store,
  Ticket,
  UsersRound,
  Webhook,
} from 'lucide-react'
import type { Operation } from '@/api/permissions.gen'

export interface Section {
  /** Under `/t/:tenantId`. */
  path: string
  /** `nav.…` in the common texts. */
  name:
    | 'dashboard'
    | 'billing'
    | 'analytics'
    | 'testDrive'
    | 'audit'
    | 'team'
    | 'subscribers'
    | 'broadcasts'
    | 'payments'
    | 'exports'
    | 'plans'
    | 'promoCodes'
    | 'campaigns'
    | 'channels'
    | 'bots'
    | 'messages'
    | 'shop'
    | 'general'
    | 'api'
    | 'setAside'
  icon: LucideIcon
  group: 'figures' | 'audience' | 'selling' | 'settings'
  /** Shown to whoever may do this. */
  needs: Operation
  /** Second key after `g`, by its place on the keyboard (`KeyboardEvent.code`). */
  key: string
  /** Has a place in the phone's bottom bar; four at most. The others are under "More". */
  isOnPhoneBar?: boolean
}

export const GROUPS = ['figures', 'audience', 'selling', 'settings'] as const

export const SECTIONS: readonly Section[] = [
  {
    path: '',
    name: 'dashboard',
    icon: House,
    group: 'figures',
    needs: 'analytics-get_dashboard',
    key: 'KeyD',
    isOnPhoneBar: true,
  },
  {
    path: '/analytics',
    name: 'analytics',
    icon: ChartColumn,
    group: 'figures',
    needs: 'analytics-get_mrr',
    key: 'KeyA',
  },
  {
    path: '/subscribers',
    name: 'subscribers',
    icon: UsersRound,
    group: 'audience',
    needs: 'users-list',
    key: 'KeyS',
    isOnPhoneBar: true,
  },
  {
    path: '/broadcasts',
    name: 'broadcasts',
    icon: Megaphone,
    group: 'audience',
    needs: 'broadcasts-list',
    key: 'KeyR',
  },
  {
    path: '/payments',
    name: 'payments',
    icon: ReceiptText,
    group: 'audience',
    needs: 'payments-list',
    key: 'KeyY',
    isOnPhoneBar: true,
  },
  {
    path: '/exports',
    name: 'exports',
    icon: Download,
    group: 'audience',
    needs: 'exports-list',
    key: 'KeyX',
  },
  {
    path: '/plans',
    name: 'plans',
    icon: CreditCard,
    group: 'selling',
    needs: 'plans-list',
    key: 'KeyP',
    isOnPhoneBar: true,
  },
  {
    path: '/promo-codes',
    name: 'promoCodes',
    icon: Ticket,
    group: 'selling',
    needs: 'promo_codes-list',
    key: 'KeyO',
  },
  {
    path: '/campaigns',
    name: 'campaigns',
    icon: Link2,
    group: 'selling',
    needs: 'campaigns-list',
    key: 'KeyI',
  },
  {
    path: '/channels',
    name: 'channels',
    icon: Radio,
    group: 'selling',
    needs: 'channels-list',
    key: 'KeyC',
    isOnPhoneBar: true,
  },
  {
    path: '/test-drive',
    name: 'testDrive',
    icon: Smartphone,
    group: 'selling',
    needs: 'test_drives-start',
    key: 'KeyT',
  },
  { path: '/settings/bot', name: 'bots', icon: Bot, group: 'settings', needs: 'bots-list', key: 'KeyB' },
  {
    path: '/messages',
    name: 'messages',
    icon: MessageSquareText,
    group: 'settings',
    needs: 'messages-list',
    key: 'KeyM',
  },
  { path: '/settings/shop', name: 'shop', icon: Store, group: 'settings', needs: 'shops-get', key: 'KeyK' },
  {
    path: '/settings/general',
    name: 'general',
    icon: Settings,
    group: 'settings',
    needs: 'tenants-get',
    key: 'KeyN',
  },
  {
    path: '/settings/billing',
    name: 'billing',
    icon: ReceiptText,
    group: 'settings',
    needs: 'billing-get',
    key: 'KeyW',
  },
  {
    path: '/settings/api',
    name: 'api',
    icon: Webhook,
    group: 'settings',
    needs: 'webhooks-list',
    key: 'KeyV',
  },
  {
    path: '/settings/set-aside',
    name: 'setAside',
    icon: Inbox,
    group: 'settings',
    needs: 'jobs-list_dead',
    key: 'KeyJ',
  },
  {
    path: '/settings/team',
    name: 'team',
    icon: UserCog,
    group: 'settings',
    needs: 'tenants-list_members',
    key: 'KeyE',
  },
  {
    path: '/settings/audit',
    name: 'audit',
    icon: ScrollText,
    group: 'settings',
    needs: 'impersonations-list',
    key: 'KeyL',
  },
]
