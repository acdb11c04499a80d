/** Which texts belong together, in the order in which a subscriber meets them. */
import type { MessageKey, MessageOut } from '@/api'

export const GROUPS = {
  start: [
    'welcome',
    'referral_welcome',
    'plan_list',
    'no_plans',
    'plan_card',
    'ask_promo_code',
    'promo_code_taken',
    'promo_code_refused',
  ],
  paying: [
    'ask_receipt_contact',
    'receipt_contact_refused',
    'receipt_contact',
    'payment_preparing',
    'payment_link',
    'payment_delayed',
    'payment_link_paid',
    'payment_link_closed',
    'payment_failed',
    'refunded',
    'refunded_closed',
    'cannot_sell',
    'channel_closed',
    'plan_refused',
    'terms_changed',
    'owned_for_ever',
  ],
  access: [
    'access_preparing',
    'payment_succeeded',
    'links_again',
    'access_given',
    'access_prolonged',
    'plan_changed',
    'claim_taken',
    'claim_refused',
    'links_coming',
    'join_declined',
    'join_lapsed',
  ],
  keeping: [
    'reminder',
    'reminder_last',
    'autopay_notice',
    'autopay_retry',
    'autopay_failed',
    'autopay_off',
    'pause_asked',
    'paused',
    'pause_refused',
    'pause_ends',
    'resumed',
    'change_list',
    'change_paid',
    'change_turned',
    'change_refused',
    'leaving_asked',
    'leaving_thanks',
    'offer_days',
    'offer_promo_code',
    'offer_pause',
    'offer_taken',
    'referral_days',
    'referral_code',
    'referral_taken_back',
    'expired',
    'expired_partly',
    'win_back',
    'win_back_off',
    'broadcast_choice',
  ],
  gifts: [
    'gift_asked',
    'gift_ready',
    'gift_card',
    'gift_offered',
    'gift_taken',
    'gift_refused',
    'gift_claimed',
    'gift_reminder',
    'gift_closed',
    'gift_refunded',
  ],
  service: [
    'status_active',
    'status_none',
    'channels',
    'channels_none',
    'referral_invite',
    'referral_off',
    'help',
    'paysupport',
    'terms',
    'privacy',
    'forget_asked',
    'forget_asked_paid',
    'forget_sure',
    'forget_taken',
    'forget_underway',
    'old_button',
    'try_again',
  ],
} as const satisfies Record<string, readonly MessageKey[]>

export type Group = keyof typeof GROUPS
export const GROUP_NAMES = Object.keys(GROUPS) as Group[]
export const KEYS: readonly MessageKey[] = Object.values(GROUPS).flat()

export function isChanged({ text, default: standard }: MessageOut): boolean {
  return text !== null && text !== standard
}

/** What the server found wrong: `tag_not_allowed b, unknown_variable x`. */
export function readProblems(told: string): { code: string; about: string }[] {
  return told
    .split(', ')
    .filter(Boolean)
    .map((problem) => {
      const [code = '', about = ''] = problem.split(' ')
      return { code, about }
    })
}
