import { screen, waitFor, within } from '@testing-library/react'
import { beforeEach, expect, test } from 'vitest'
import type { GiftOut } from '@/api'
import { aPayment, aPlan, aUser } from '@/test/cast'
import { renderPage } from '@/test/render-page'
import { answer, pageOf, refuse, signIn } from '@/test/server'

const PAYMENT = aPayment({ is_gift: true })

function aGift(changes: Partial<GiftOut> = {}): GiftOut {
  return {
    id: '00000000-0000-7000-8000-000000000097',
    bot_id: PAYMENT.bot_id,
    plan_id: aPlan().id,
    plan_title: 'Месяц',
    payment_id: PAYMENT.id,
    claim_payment_id: null,
    claim_delivery_state: null,
    status: 'waiting',
    giver: { id: aUser().id, telegram_id: 700_001, first_name: 'Пётр', last_name: '', username: null },
    receiver: null,
    amount: PAYMENT.amount,
    is_test: false,
    expires_at: '2027-11-20T09:00:00Z',
    opened_at: null,
    claimed_at: null,
    closed_at: null,
    created_at: PAYMENT.created_at,
    ...changes,
  }
}

function list(...gifts: GiftOut[]) {
  return answer('get', '/gifts', { ...pageOf(gifts), is_total_exact: true })
}

beforeEach(() => signIn())

test('who gave what and who took it is listed, narrowed by the address', async () => {
  const asked = list(
    aGift(),
    aGift({
      id: aUser().id,
      status: 'claimed',
      claimed_at: PAYMENT.created_at,
      receiver: { id: aUser().id, telegram_id: 1, first_name: '', last_name: '', username: 'anna' },
    }),
  )
  renderPage('~/payments/gifts?status=claimed')
  expect(await screen.findByRole('link', { name: '@anna' })).toBeVisible()
  expect(screen.getAllByRole('link', { name: 'Пётр' })).toHaveLength(2)
  expect(screen.getByText('пока никто')).toBeVisible()
  // Only what nobody took can be sent again or closed.
  expect(screen.getAllByRole('button', { name: /^Действия с подарком/ })).toHaveLength(1)
  expect(asked[0]).toEqual(expect.objectContaining({ status: 'claimed' }))
})

test('a link is sent again at a press, and closed after a question', async () => {
  list(aGift())
  const sent = answer('post', `/gifts/${aGift().id}/send`, aGift(), 202)
  const closed = answer('post', `/gifts/${aGift().id}/revoke`, aGift({ status: 'revoked' }))
  const { user } = renderPage('~/payments/gifts')
  const openMenu = async () => user.click(await screen.findByRole('button', { name: /^Действия с подарком/ }))
  await openMenu()
  await user.click(await screen.findByRole('menuitem', { name: 'Отправить ссылку' }))
  await waitFor(() => expect(sent).toHaveLength(1))
  await openMenu()
  await user.click(await screen.findByRole('menuitem', { name: 'Закрыть ссылку' }))
  expect(closed).toHaveLength(0)
  await user.click(await screen.findByRole('button', { name: 'Закрыть подарок' }))
  await waitFor(() => expect(closed).toHaveLength(1))
})

test('of a gift that nobody can take any more nobody is awaited', async () => {
  list(aGift({ status: 'expired' }))
  renderPage('~/payments/gifts')
  expect(await screen.findByText('никто')).toBeVisible()
  expect(screen.queryByText('пока никто')).not.toBeInTheDocument()
})

test('without gifts the page says how they come about', async () => {
  list()
  renderPage('~/payments/gifts')
  expect(await screen.findByText('Подарков нет')).toBeVisible()
})

test('a list that cannot be had says so', async () => {
  refuse('get', '/gifts', 500, {})
  renderPage('~/payments/gifts')
  expect(await screen.findByRole('button', { name: 'Повторить' })).toBeVisible()
})

test('the page of a payment tells whose gift it is, and support cannot close it', async () => {
  signIn('support')
  answer('get', `/payments/${PAYMENT.id}`, PAYMENT)
  answer('get', `/payments/${PAYMENT.id}/timeline`, { items: [], next_cursor: null })
  answer('get', `/payments/${PAYMENT.id}/refunds`, { items: [], left: null })
  answer('get', '/members', pageOf([]))
  const asked = list(aGift())
  renderPage(`~/payments/${PAYMENT.id}`)
  const card = within(await screen.findByLabelText('Подарок'))
  expect(card.getByRole('link', { name: 'Пётр' })).toBeVisible()
  expect(card.getByRole('button', { name: 'Отправить ссылку' })).toBeVisible()
  expect(card.queryByRole('button', { name: 'Закрыть ссылку' })).toBeNull()
  expect(asked[0]).toEqual(expect.objectContaining({ payment_id: PAYMENT.id }))
})
