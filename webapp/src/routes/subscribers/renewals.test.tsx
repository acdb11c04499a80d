import { screen, waitFor, within } from '@testing-library/react'
import { beforeEach, expect, test } from 'vitest'
import type { UserAutopayOut } from '@/api'
import { AT, aUser } from '@/test/cast'
import { renderPage } from '@/test/render-page'
import { answer, signIn } from '@/test/server'
import { SUBSCRIPTION, aSubscriber, answerSubscriber } from '@/test/subscribers'

beforeEach(() => {
  signIn()
  answerSubscriber()
})

function renewing(changes: Partial<UserAutopayOut> = {}): UserAutopayOut {
  return {
    subscription_id: SUBSCRIPTION,
    status: 'on',
    method_title: 'MasterCard ··4477',
    price: { amount_minor: 99_000, currency: 'RUB' },
    consent_given_at: AT,
    noticed_at: null,
    next_charge_at: '2098-12-31T23:00:00Z',
    last_failure: null,
    last_failed_at: null,
    off_reason: null,
    off_at: null,
    ...changes,
  }
}

test('autopay shows what is charged with what, and is turned off after a question', async () => {
  answer('get', `/users/${aUser().id}`, { ...aSubscriber(), autopays: [renewing()] })
  const sent = answer('post', `/subscriptions/${SUBSCRIPTION}/autopay/turn-off`, {})
  const { user } = renderPage(`~/subscribers/${aUser().id}`)
  const autopay = await screen.findByRole('region', { name: 'Автопродление' })
  expect(autopay).toHaveTextContent('MasterCard ··4477')
  expect(autopay).toHaveTextContent(/спишется 990/)
  await user.click(within(autopay).getByRole('button', { name: 'Отключить автопродление' }))
  const dialog = await screen.findByRole('alertdialog')
  expect(sent).toHaveLength(0)
  await user.click(within(dialog).getByRole('button', { name: 'Отключить автопродление' }))
  await waitFor(() => expect(sent).toHaveLength(1))
})

test('a failed charge and why autopay ended are said, and nothing can be turned off then', async () => {
  const failed = { last_failure: 'card_expired', last_failed_at: AT, next_charge_at: null }
  const off = renewing({ ...failed, status: 'off', off_reason: 'card_expired', off_at: AT })
  answer('get', `/users/${aUser().id}`, { ...aSubscriber(), autopays: [off] })
  renderPage(`~/subscribers/${aUser().id}`)
  const autopay = await screen.findByRole('region', { name: 'Автопродление' })
  expect(autopay).toHaveTextContent(/Не списалось .*: срок карты истёк/)
  expect(autopay).toHaveTextContent(/Отключено .*: срок карты истёк/)
  expect(within(autopay).queryByRole('button')).not.toBeInTheDocument()
})

test('a subscription is paused for so many days, and a paused one shows what is left and runs again', async () => {
  const paused = answer('post', `/subscriptions/${SUBSCRIPTION}/pause`, {})
  const resumed = answer('post', `/subscriptions/${SUBSCRIPTION}/resume`, {})
  const { user } = renderPage(`~/subscribers/${aUser().id}`)
  await user.click(await screen.findByRole('button', { name: 'Пауза' }))
  await user.click(await screen.findByRole('button', { name: '30 дней' }))
  const [subscription] = aSubscriber().subscriptions
  answer('get', `/users/${aUser().id}`, {
    ...aSubscriber(),
    subscriptions: [
      {
        ...subscription!,
        status: 'paused',
        paused_until_at: '2099-01-01T00:00:00Z',
        ends_at: '2099-01-11T05:00:00Z',
      },
    ],
  })
  await user.click(screen.getByRole('button', { name: 'Поставить на паузу' }))
  expect(await screen.findByText(/на паузе самое позднее до .* осталось: 10 дней/)).toBeVisible()
  expect(screen.getAllByText('На паузе').length).toBeGreaterThan(0)
  expect(paused).toEqual([{ days: 30 }])
  await user.click(screen.getByRole('button', { name: 'Продолжить' }))
  await waitFor(() => expect(resumed).toHaveLength(1))
})
