/** One subscriber of the tests, and what their page asks for. */
import type { HappeningOut, UserDetailsOut } from '@/api'
import { AT, aPlan, aUser, id } from './cast'
import { answer, pageOf } from './server'

export const SUBSCRIPTION = id(77)
const FAR = '2099-01-01T00:00:00Z'

/** With a subscription that runs. */
export function aSubscriber(changes: Partial<UserDetailsOut> = {}): UserDetailsOut {
  return {
    ...aUser(),
    tags: ['vip'],
    is_inside: true,
    subscriptions: [
      {
        id: SUBSCRIPTION,
        plan_id: aPlan().id,
        plan_title: 'Месяц',
        status: 'active',
        starts_at: AT,
        ends_at: FAR,
        access_ends_at: FAR,
        paused_until_at: null,
      },
    ],
    autopays: [],
    memberships: [],
    changed_to: {},
    paid: [{ total: { amount_minor: 99_000, currency: 'RUB' }, count: 1 }],
    ...changes,
  }
}

/** Answers what the page of a subscriber asks for. */
export function answerSubscriber(items: HappeningOut[] = []): void {
  answer('get', `/users/${aUser().id}`, aSubscriber())
  answer('get', '/users/tags', { tags: ['vip'] })
  answer('get', '/plans', pageOf([aPlan()]))
  answer('get', '/members', pageOf([]))
  answer('get', `/users/${aUser().id}/timeline`, { items, next_cursor: null })
}
