/** Types of the texts: one line a namespace. The Russian files say which keys there are. */
import type auth from './locales/ru/auth.json'
import type bots from './locales/ru/bots.json'
import type channels from './locales/ru/channels.json'
import type common from './locales/ru/common.json'
import type errors from './locales/ru/errors.json'
import type plans from './locales/ru/plans.json'
import type subscribers from './locales/ru/subscribers.json'
import type tenants from './locales/ru/tenants.json'

export interface Texts {
  auth: typeof auth
  bots: typeof bots
  channels: typeof channels
  common: typeof common
  errors: typeof errors
  plans: typeof plans
  subscribers: typeof subscribers
  tenants: typeof tenants
}

export type Namespace = keyof Texts
