import type { DeliveryState, MissingReason, PaymentStatus, ReceiptState } from '@/api'
import type { Tone } from '@/components/ui/badge'

export const STATUSES = [
  'succeeded',
  'pending',
  'canceled',
  'quarantined',
  'created',
  'waiting_for_capture',
] as const satisfies readonly PaymentStatus[]

export const STATUS_TONES: Record<PaymentStatus, Tone> = {
  created: 'neutral',
  pending: 'info',
  waiting_for_capture: 'info',
  succeeded: 'success',
  canceled: 'neutral',
  quarantined: 'danger',
}

export const DELIVERY_TONES: Record<DeliveryState, Tone> = {
  not_paid: 'neutral',
  paid: 'warning',
  granted: 'warning',
  link_sent: 'warning',
  link_opened: 'warning',
  joined: 'success',
}

export const DELIVERY_STATES = [
  'paid',
  'granted',
  'link_sent',
  'link_opened',
  'joined',
] as const satisfies readonly DeliveryState[]

export const RECEIPT_STATES = ['failed', 'pending', 'registered'] as const satisfies readonly ReceiptState[]

/** The gateway's words that have words of ours. */
export const METHODS = [
  'bank_card',
  'sbp',
  'sberbank',
  'tinkoff_bank',
  'yoo_money',
  'mobile_balance',
  'installments',
  'sber_loan',
] as const

export type Method = (typeof METHODS)[number]

export function isKnownMethod(method: string): method is Method {
  return (METHODS as readonly string[]).includes(method)
}

/** What helps: the links once more, a look at the bot's rights, or a word to the person. */
export const REMEDIES: Record<MissingReason, 'resend' | 'rights' | 'check' | 'write'> = {
  bot_lacks_rights: 'rights',
  bot_blocked: 'write',
  bot_not_started: 'write',
  link_not_sent: 'resend',
  link_not_opened: 'resend',
  left: 'resend',
  not_let_in: 'check',
}
