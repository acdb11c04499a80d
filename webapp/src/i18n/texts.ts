/** Types of the texts: one line a namespace. The Russian files say which keys there are. */
import type analytics from './locales/ru/analytics.json'
import type account from './locales/ru/account.json'
import type api from './locales/ru/api.json'
import type audit from './locales/ru/audit.json'
import type proof from './locales/ru/proof.json'
import type staff from './locales/ru/staff.json'
import type team from './locales/ru/team.json'
import type auth from './locales/ru/auth.json'
import type billing from './locales/ru/billing.json'
import type bots from './locales/ru/bots.json'
import type broadcasts from './locales/ru/broadcasts.json'
import type campaigns from './locales/ru/campaigns.json'
import type channels from './locales/ru/channels.json'
import type closings from './locales/ru/closings.json'
import type common from './locales/ru/common.json'
import type erasures from './locales/ru/erasures.json'
import type errors from './locales/ru/errors.json'
import type onboarding from './locales/ru/onboarding.json'
import type exports from './locales/ru/exports.json'
import type extensions from './locales/ru/extensions.json'
import type fiscalReceipts from './locales/ru/fiscal-receipts.json'
import type gifts from './locales/ru/gifts.json'
import type imports from './locales/ru/imports.json'
import type markup from './locales/ru/markup.json'
import type messages from './locales/ru/messages.json'
import type payments from './locales/ru/payments.json'
import type plans from './locales/ru/plans.json'
import type promoCodes from './locales/ru/promo-codes.json'
import type referrals from './locales/ru/referrals.json'
import type reconciliations from './locales/ru/reconciliations.json'
import type refunds from './locales/ru/refunds.json'
import type setAside from './locales/ru/set-aside.json'
import type settings from './locales/ru/settings.json'
import type subscribers from './locales/ru/subscribers.json'
import type tenants from './locales/ru/tenants.json'
import type testDrives from './locales/ru/test-drives.json'
import type timeline from './locales/ru/timeline.json'
import type winBacks from './locales/ru/win-backs.json'

export interface Texts {
  analytics: typeof analytics
  account: typeof account
  api: typeof api
  audit: typeof audit
  proof: typeof proof
  staff: typeof staff
  team: typeof team
  auth: typeof auth
  billing: typeof billing
  bots: typeof bots
  broadcasts: typeof broadcasts
  campaigns: typeof campaigns
  channels: typeof channels
  closings: typeof closings
  common: typeof common
  erasures: typeof erasures
  errors: typeof errors
  onboarding: typeof onboarding
  exports: typeof exports
  extensions: typeof extensions
  'fiscal-receipts': typeof fiscalReceipts
  gifts: typeof gifts
  imports: typeof imports
  markup: typeof markup
  messages: typeof messages
  payments: typeof payments
  plans: typeof plans
  'promo-codes': typeof promoCodes
  referrals: typeof referrals
  reconciliations: typeof reconciliations
  refunds: typeof refunds
  'set-aside': typeof setAside
  settings: typeof settings
  subscribers: typeof subscribers
  tenants: typeof tenants
  'test-drives': typeof testDrives
  timeline: typeof timeline
  'win-backs': typeof winBacks
}

export type Namespace = keyof Texts
