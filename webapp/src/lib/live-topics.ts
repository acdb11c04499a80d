/** Which questions a hint of the stream makes old: by the beginning of the operation's name. */
const TOPICS: Record<string, readonly string[]> = {
  autopay: ['subscriptions', 'users'],
  // The tenant itself says how it stands.
  billing: ['billing', 'tenants'],
  bot: ['bots', 'referralsGetSettings', 'shops', 'channels', 'plans', 'onboarding'],
  bot_message: ['messages'],
  broadcast: ['broadcasts'],
  campaign: ['campaigns'],
  channel: ['channels', 'plans', 'onboarding'],
  export: ['exports'],
  extension: ['extensions', 'subscriptions', 'users'],
  fiscal_receipt: ['fiscalReceipts', 'payments'],
  receipt_settings: ['fiscalReceiptsGetSettings'],
  // The tenant itself says who looks at it.
  impersonation: ['impersonations', 'tenants'],
  import: ['imports', 'users', 'subscriptions'],
  invitation: ['invitations', 'staff'],
  leaving: ['plansCountLeavings'],
  member: ['users', 'channels', 'accessLogs', 'analytics'],
  membership: ['users', 'channels', 'accessLogs', 'analytics'],
  membership_sweep: ['membershipSweeps', 'channels'],
  payment: ['payments', 'subscriptions', 'users', 'promoCodes', 'campaigns', 'analytics', 'onboarding'],
  payment_notice: ['payments'],
  plan: ['plans', 'onboarding'],
  promo_code: ['promoCodes'],
  promo_codes: ['promoCodes'],
  reconciliation: ['reconciliations', 'payments'],
  referral: ['referrals', 'users'],
  refund: ['refunds', 'payments', 'subscriptions', 'users', 'accessLogs', 'analytics'],
  shop: ['shops', 'bots', 'onboarding'],
  staff: ['staff', 'invitations'],
  subscription: ['subscriptions', 'users', 'accessLogs', 'analytics', 'onboarding'],
  tenant: ['tenants'],
  test_drive: ['testDrivesList'],
  update: ['jobs'],
  user: ['users', 'erasures', 'analytics'],
}

/** Every change is in the log too. */
const ALWAYS = ['auditEvents']

export const LIVE_TOPICS = Object.keys(TOPICS)

/** Tells whether what was asked by an operation may be another after changes of these nouns. */
export function isTouched(operation: string, topics: ReadonlySet<string>): boolean {
  const begins = (prefix: string) => operation.startsWith(prefix)
  return ALWAYS.some(begins) || [...topics].some((topic) => TOPICS[topic]?.some(begins))
}
