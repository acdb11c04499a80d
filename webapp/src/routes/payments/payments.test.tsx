import { screen, waitFor } from '@testing-library/react'
import { beforeEach, expect, test } from 'vitest'
import { aPayment, aPlan, aUser } from '@/test/cast'
import { renderPage } from '@/test/render-page'
import { answer, pageOf, signIn } from '@/test/server'

beforeEach(() => signIn())

test('the filters of the address narrow the list and its sum alike', async () => {
  const listed = answer('get', '/payments', { ...pageOf([aPayment()]), is_total_exact: true })
  const summed = answer('get', '/payments/sums', {
    items: [
      { is_test: false, count: 1, total: { amount_minor: 99_000, currency: 'RUB' } },
      { is_test: true, count: 2, total: { amount_minor: 150_000, currency: 'RUB' } },
    ],
    total: 3,
  })
  answer('get', '/payments/undelivered', { ...pageOf([], 3), is_total_exact: true })
  answer('get', '/plans', pageOf([aPlan()]))
  renderPage('~/payments?status=succeeded&from=2026-11-01&until=2026-11-30')
  expect(await screen.findByText('Ссылка отправлена', { selector: 'span' })).toBeVisible()
  const filters = {
    status: 'succeeded',
    created_from: '2026-10-31T21:00:00.000Z',
    created_until: '2026-11-30T21:00:00.000Z',
  }
  expect(listed[0]).toEqual(expect.objectContaining(filters))
  expect(summed[0]).toEqual(filters)
  expect(await screen.findByRole('link', { name: 'Оплатили, но не внутри' })).toBeVisible()
  // Test money is not added to the real one.
  expect(screen.getByText('Оплачено, RUB').closest('.rounded-lg')).toHaveTextContent('990')
  expect(screen.getByText('Тестовые платежи, RUB').closest('.rounded-lg')).toHaveTextContent('1 500')
  expect(screen.getByText('Оплаченных платежей').closest('.rounded-lg')).toHaveTextContent(/1$/)
})

test('who paid and is not inside is sent the links again', async () => {
  const row = { payment: aPayment(), reason: 'link_not_opened', places: [], age_seconds: 60 }
  answer('get', '/payments/undelivered', { ...pageOf([row]), is_total_exact: true })
  const sent = answer('post', `/users/${aUser().id}/links/resend`, aUser(), 202)
  const { user } = renderPage('~/payments/undelivered')
  expect(await screen.findByText('Ссылку не открыли')).toBeVisible()
  await user.click(screen.getByRole('button', { name: 'Отправить ссылку' }))
  await waitFor(() => expect(sent).toHaveLength(1))
})

test('what unused time of another plan paid for is no discount', async () => {
  const rub = (amount_minor: number) => ({ amount_minor, currency: 'RUB' })
  const sums = { amount: rub(66_000), list_price: rub(99_000), credit: rub(33_000) }
  answer('get', `/payments/${aPayment().id}`, aPayment(sums))
  answer('get', `/payments/${aPayment().id}/refunds`, { items: [], left: rub(0) })
  answer('get', `/payments/${aPayment().id}/timeline`, { items: [], next_cursor: null })
  answer('get', '/members', pageOf([]))
  renderPage(`~/payments/${aPayment().id}`)
  expect(await screen.findByText('Зачтено за прежний тариф')).toBeVisible()
  expect(screen.getByText(/330.₽/)).toBeVisible()
  expect(screen.queryByText('Скидка')).not.toBeInTheDocument()
})

test('a change of plan that cost nothing is not called free by a promo code', async () => {
  const nothing = { amount_minor: 0, currency: 'RUB' }
  const turned = aPayment({
    provider: 'free',
    method: null,
    amount: nothing,
    credit: { ...nothing, amount_minor: 5000 },
  })
  answer('get', '/payments', { ...pageOf([turned]), is_total_exact: true })
  answer('get', '/payments/sums', { items: [], total: 0 })
  answer('get', '/payments/undelivered', { ...pageOf([]), is_total_exact: true })
  answer('get', '/plans', pageOf([aPlan()]))
  renderPage('~/payments')
  expect(await screen.findByText('Смена тарифа без доплаты')).toBeVisible()
})

test('what was given by hand shows no sum', async () => {
  const nothing = { amount_minor: 0, currency: 'RUB' }
  const row = aPayment({ provider: 'manual', method: null, amount: nothing })
  answer('get', '/payments', { ...pageOf([row]), is_total_exact: true })
  answer('get', '/payments/sums', { items: [], total: 0 })
  answer('get', '/payments/undelivered', { ...pageOf([], 0), is_total_exact: true })
  answer('get', '/plans', pageOf([aPlan()]))
  renderPage('~/payments')
  expect(await screen.findByText('Без денег')).toBeVisible()
})
