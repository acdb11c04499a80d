/** The sections of a tenant: one line each. The sidebar, the phone's bar, the command palette and the shortcuts follow it. */
import {
  Bot,
  ChartColumn,
  CreditCard,
  House,
  type LucideIcon,
  Radio,
  Smartphone,
  UsersRound,
} from 'lucide-react'
import type { Operation } from '@/api/permissions.gen'

export interface Section {
  /** Under `/t/:tenantId`. */
  path: string
  /** `nav.…` in the common texts. */
  name: 'dashboard' | 'analytics' | 'testDrive' | 'subscribers' | 'plans' | 'channels' | 'bots'
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
    path: '/plans',
    name: 'plans',
    icon: CreditCard,
    group: 'selling',
    needs: 'plans-list',
    key: 'KeyP',
    isOnPhoneBar: true,
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
]
