/** Types of the texts: one line a namespace. The Russian files say which keys there are. */
import type analytics from './locales/ru/analytics.json'
import type auth from './locales/ru/auth.json'
import type bots from './locales/ru/bots.json'
import type channels from './locales/ru/channels.json'
import type common from './locales/ru/common.json'
import type errors from './locales/ru/errors.json'
import type onboarding from './locales/ru/onboarding.json'
import type plans from './locales/ru/plans.json'
import type subscribers from './locales/ru/subscribers.json'
import type tenants from './locales/ru/tenants.json'
import type testDrives from './locales/ru/test-drives.json'

export interface Texts {
  analytics: typeof analytics
  auth: typeof auth
  bots: typeof bots
  channels: typeof channels
  common: typeof common
  errors: typeof errors
  onboarding: typeof onboarding
  plans: typeof plans
  subscribers: typeof subscribers
  tenants: typeof tenants
  'test-drives': typeof testDrives
}

export type Namespace = keyof Texts
