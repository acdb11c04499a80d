/** How each happening looks and what is told of it. */
import {
  ArrowLeftRight,
  Ban,
  Banknote,
  BellRing,
  CalendarPlus,
  CircleCheck,
  CircleX,
  DoorOpen,
  Download,
  Gift,
  Hand,
  History,
  Link2,
  LogOut,
  type LucideIcon,
  MailX,
  Megaphone,
  NotebookPen,
  Pause,
  Play,
  ShoppingCart,
  Tag,
  Undo2,
  UserCog,
  UserPlus,
  UserX,
} from 'lucide-react'
import type { HappeningOut } from '@/api'
import type { Tone } from '@/components/ui/badge'

type Look = readonly [LucideIcon, Tone]

const LOOKS: Partial<Record<string, Look>> = {
  'payments.ordered': [ShoppingCart, 'neutral'],
  'payments.paid': [Banknote, 'success'],
  'payments.canceled': [CircleX, 'warning'],
  'refunds.asked': [Undo2, 'neutral'],
  'refunds.noticed': [Undo2, 'neutral'],
  'refunds.refunded': [Undo2, 'info'],
  'refunds.canceled': [CircleX, 'warning'],
  'gifts.gift_bought': [Gift, 'success'],
  'gifts.gift_claimed': [Gift, 'success'],
  'gifts.gift_expired': [History, 'warning'],
  'access.granted': [CircleCheck, 'success'],
  'access.link_sent': [Link2, 'info'],
  'access.request_approved': [CircleCheck, 'success'],
  'access.request_declined': [Ban, 'warning'],
  'access.joined': [DoorOpen, 'success'],
  'access.left': [LogOut, 'neutral'],
  'access.link_revoked': [Link2, 'neutral'],
  'access.expired': [History, 'warning'],
  'access.removed': [LogOut, 'danger'],
  'access.paused': [Pause, 'info'],
  'access.resumed': [Play, 'success'],
  'access.removal_skipped': [Hand, 'neutral'],
  'periods.opened': [CalendarPlus, 'success'],
  'periods.renewed': [CalendarPlus, 'success'],
  'reminders.reminded': [BellRing, 'info'],
  'broadcasts.broadcast_sent': [Megaphone, 'info'],
  'win_backs.offered': [Gift, 'info'],
  'jobs.message_failed': [MailX, 'danger'],
  'referrals.invited': [UserPlus, 'info'],
  'referrals.came_invited': [UserPlus, 'neutral'],
  'referrals.rewarded': [Gift, 'success'],
  'referrals.passed': [Gift, 'neutral'],
  'referrals.taken_back': [Gift, 'warning'],
  'users.met': [UserPlus, 'neutral'],
  'users.blocked_bot': [Ban, 'warning'],
  'users.not_started': [MailX, 'warning'],
  'audit.subscription.plan_changed': [ArrowLeftRight, 'info'],
  'audit.user.tagged': [Tag, 'neutral'],
  'audit.user.untagged': [Tag, 'neutral'],
  'audit.user.erasure_asked': [UserX, 'warning'],
  'audit.user.erased': [UserX, 'danger'],
  'audit.user.data_told': [Download, 'neutral'],
  'audit.user.noted': [NotebookPen, 'neutral'],
}

export function keyOf({ source, action }: Pick<HappeningOut, 'source' | 'action'>): string {
  return `${source}.${action}`
}

export function lookOf(happening: HappeningOut): Look {
  return LOOKS[keyOf(happening)] ?? [UserCog, 'neutral']
}

/** A text of the details, empty when there is none. */
export function detail({ details }: HappeningOut, name: string): string {
  const value: unknown = details[name]
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

/** A text of what a person changed, empty when there is none. */
export function changed({ details }: HappeningOut, name: string): string {
  const change: unknown = details.change
  if (typeof change !== 'object' || change === null) return ''
  const value: unknown = (change as Record<string, unknown>)[name]
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : ''
}

/**
 * Of what was given by hand or with a list its own line tells: the order behind it cost nothing and was paid by nobody. What the machinery
 * noted of a payment stands in the payment's own lines.
 */
export function isWorthTelling(happening: HappeningOut): boolean {
  const { source, action } = happening
  if (source === 'payments') return !['manual', 'import', 'gift'].includes(detail(happening, 'provider'))
  return source !== 'audit' || !['payment.succeeded', 'payment.canceled'].includes(action)
}
