/** The people and things of the tests: Alice owns the tenant Alpha. */
import type {
  AdminOut,
  BotOut,
  ChannelOut,
  MeOut,
  PaymentRowOut,
  PlanOut,
  PromoCodeOut,
  SweepOut,
  TenantConsoleOut,
  TenantDetailOut,
  UserRowOut,
} from '@/api'

export const AT = '2026-11-20T09:00:00Z'
/** An id that tells by its end whose it is. */
export const id = (number: number) => `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`

export const ADMIN: AdminOut = {
  id: id(1),
  email: 'alice@alpha.test',
  name: 'Alice',
  locale: 'ru',
  has_password: true,
}

export const ME: MeOut = { ...ADMIN, is_staff: false, has_second_factor: false, impersonation: null }

export const TENANT: TenantDetailOut = {
  id: id(2),
  name: 'Alpha',
  status: 'active',
  time_zone: 'Europe/Moscow',
  locale: 'ru',
  reminder_offsets_seconds: [86_400],
  grace_seconds: 0,
  support_contact: '',
  suspended_at: null,
  suspension_reason: '',
  closing_asked_at: null,
  removal_at: null,
  max_bots: 3,
  max_channels: 20,
  max_subscribers: null,
  role: 'owner',
  created_at: AT,
  version: 'first',
  impersonation: null,
  bill: null,
  features_off: [],
}

export function aBot(changes: Partial<BotOut> = {}): BotOut {
  return {
    id: id(3),
    username: 'alpha_bot',
    name: 'Клуб',
    status: 'active',
    token_hint: '…wxyz',
    health_code: '',
    health_changed_at: null,
    webhook_set_at: AT,
    last_update_at: AT,
    shop_status: 'active',
    stars_reconcile_at: null,
    created_at: AT,
    chat_url: 'https://t.me/alpha_bot',
    refused_chat: null,
    ...changes,
  }
}

export function aChannel(changes: Partial<ChannelOut> = {}): ChannelOut {
  return {
    id: id(4),
    bot_id: id(3),
    chat_id: -1001234567890,
    kind: 'channel',
    title: 'Закрытый клуб',
    username: null,
    status: 'active',
    missing_rights: [],
    entry_mode: 'join_request',
    removes_strangers: true,
    rights_checked_at: AT,
    created_at: AT,
    version: 'first',
    ...changes,
  }
}

export function aSweep(): SweepOut {
  return {
    id: '00000000-0000-7000-8000-000000000095',
    channel_id: aChannel().id,
    status: 'braked',
    looked_count: 220,
    inside_count: 200,
    mended_count: 0,
    to_remove_count: 25,
    created_at: AT,
    finished_at: null,
    decided_at: null,
    decided_by: null,
  }
}

export function aPlan(changes: Partial<PlanOut> = {}): PlanOut {
  return {
    id: id(5),
    bot_id: id(3),
    title: 'Месяц',
    description: '',
    price: { amount_minor: 99_000, currency: 'RUB' },
    period_unit: 'month',
    period_count: 1,
    position: 0,
    is_on_sale: true,
    is_hidden: false,
    is_recurring: false,
    is_giftable: false,
    stars: null,
    channel_ids: [id(4)],
    access_code: null,
    is_trial: false,
    audience: 'everyone',
    audience_plan_ids: [],
    allows_changes: false,
    capacity: null,
    places_taken: null,
    sale_starts_at: null,
    sale_ends_at: null,
    fixed_end_at: null,
    receipt_vat_code: null,
    receipt_subject: null,
    receipt_mode: null,
    sale_state: 'on',
    deep_link: `https://t.me/alpha_bot?start=plan_${id(5)}`,
    archived_at: null,
    created_at: AT,
    version: 'first',
    ...changes,
  }
}

export function aUser(changes: Partial<UserRowOut> = {}): UserRowOut {
  return {
    id: id(6),
    bot_id: id(3),
    telegram_id: 700_001,
    first_name: 'Борис',
    last_name: '',
    username: 'boris',
    locale: 'ru',
    source: '',
    note: '',
    note_version: 'first',
    subscriptions: [],
    is_inside: false,
    tags: [],
    is_whitelisted: false,
    reach: 'open',
    blocked_bot_at: null,
    erasure_asked_at: null,
    erased_at: null,
    created_at: AT,
    met_at: AT,
    last_seen_at: AT,
    ...changes,
  }
}

export function aPayment(changes: Partial<PaymentRowOut> = {}): PaymentRowOut {
  const { id: user_id, telegram_id, first_name, last_name, username } = aUser()
  return {
    id: id(88),
    bot_id: aUser().bot_id,
    user_id,
    plan_id: aPlan().id,
    promo_code_id: null,
    provider: 'yookassa',
    method: 'bank_card',
    provider_payment_id: '2d0f',
    status: 'succeeded',
    delivery_state: 'link_sent',
    amount: { amount_minor: 99_000, currency: 'RUB' },
    refunded: { amount_minor: 0, currency: 'RUB' },
    list_price: { amount_minor: 99_000, currency: 'RUB' },
    credit: { amount_minor: 0, currency: 'RUB' },
    is_gift: false,
    is_test: false,
    terms_version: null,
    description: 'Месяц',
    cancellation_reason: null,
    quarantine_reason: null,
    checked_at: null,
    check_result: null,
    receipt_sent_at: AT,
    receipt_state: null,
    created_at: AT,
    settled_at: AT,
    plan_title: 'Месяц',
    user: { id: user_id, telegram_id, first_name, last_name, username },
    ...changes,
  }
}

export function aCode(changes: Partial<PromoCodeOut> = {}): PromoCodeOut {
  return {
    id: id(7),
    bot_id: id(3),
    code: 'SPRING',
    discount_kind: 'percent',
    discount_value: 10,
    currency: null,
    max_uses: null,
    max_uses_per_user: 1,
    uses_count: 0,
    is_first_purchase_only: false,
    is_active: true,
    valid_from_at: null,
    valid_until_at: null,
    plan_ids: [],
    deep_link: 'https://t.me/alpha_bot?start=promo_SPRING',
    created_at: AT,
    version: 'first',
    ...changes,
  }
}

/** The tenant as staff sees it. */
export const CONSOLE: TenantConsoleOut = {
  tenant: {
    id: TENANT.id, name: 'Alpha', status: 'active', created_at: AT, suspended_at: null, removal_at: null,
    suspension_reason: '', bots: 1,
    unwell_bots: 1, last_update_at: AT, dead_jobs: 0, quarantined_updates: 0, quarantined_notices: 0, paid_without_access: 2,
  },
  use: { bots: 1, channels: 2, subscribers: 30, max_bots: 3, max_channels: 20, max_subscribers: null, version: 'first' },
  bots: [], members: [],
} // prettier-ignore
