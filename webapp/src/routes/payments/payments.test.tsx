import { screen, waitFor } from '@testing-library/react'
import { beforeEach, expect, test } from 'vitest'
import type { PaymentRowOut } from '@/api'
import { aPlan, aUser } from '@/test/cast'
import { renderPage } from '@/test/render-page'
import { answer, pageOf, signIn } from '@/test/server'

const AT = '2026-11-20T09:00:00Z'

function aPayment(): PaymentRowOut {
  const { id, telegram_id, first_name, last_name, username } = aUser()
  return {
    id: '00000000-0000-7000-8000-000000000088',
    bot_id: aUser().bot_id,
    user_id: id,
    plan_id: aPlan().id,
    promo_code_id: null,
    provider: 'yookassa',
    method: 'bank_card',
    provider_payment_id: '2d0f',
    status: 'succeeded',
    delivery_state: 'link_sent',
    amount: { amount_minor: 99_000, currency: 'RUB' },
    list_price: { amount_minor: 99_000, currency: 'RUB' },
    is_test: false,
    description: 'Месяц',
    cancellation_reason: null,
    quarantine_reason: null,
    checked_at: null,
    check_result: null,
    receipt_sent_at: AT,
    created_at: AT,
    settled_at: AT,
    plan_title: 'Месяц',
    user: { id, telegram_id, first_name, last_name, username },
  }
}

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
