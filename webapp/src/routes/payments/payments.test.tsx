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

test('what was given by hand shows no sum, and a change of plan shows what was credited', async () => {
  const nothing = { amount_minor: 0, currency: 'RUB' }
  const row = aPayment({ provider: 'manual', method: null, amount: nothing })
  answer('get', '/payments', { ...pageOf([row]), is_total_exact: true })
  answer('get', '/payments/sums', { items: [], total: 0 })
  answer('get', '/payments/undelivered', { ...pageOf([], 0), is_total_exact: true })
  answer('get', '/plans', pageOf([aPlan()]))
  renderPage('~/payments')
  expect(await screen.findByText('Без денег')).toBeVisible()
})
