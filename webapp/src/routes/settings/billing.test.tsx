import { cleanup, screen, waitFor, within } from '@testing-library/react'
import { beforeEach, expect, test } from 'vitest'
import type { BillingOut } from '@/api'
import { renderPage } from '@/test/render-page'
import { answer, signIn } from '@/test/server'

const PLAN = {
  trial_days: 0,
  max_bots: 1,
  max_channels: 1,
  max_subscribers: 100,
  max_broadcasts: 3,
  max_members: null,
}
const FREE: BillingOut = {
  is_billed: true,
  standing: 'free',
  plan_code: 'free',
  has_portal: false,
  period_ends_at: null,
  trial_ends_at: null,
  cancels_at: null,
  unpaid_since_at: null,
  pauses_at: null,
  sales_paused_at: null,
  uses: [{ of: 'max_bots', used: 1, limit: 1 }],
  plans: [
    { ...PLAN, code: 'free', name: 'Старт', price: { amount_minor: 0, currency: 'USD' } },
    { ...PLAN, code: 'pro', name: 'Профи', price: { amount_minor: 1900, currency: 'USD' } },
  ],
}

beforeEach(() => signIn())

test('a plan is chosen on the page of Stripe', async () => {
  answer('get', '/billing', FREE)
  const sent = answer('post', '/billing/checkout', { url: `${window.location.href}#page-of-stripe` })
  const { user } = renderPage('~/settings/billing')
  expect(within(await screen.findByRole('region', { name: 'Тарифы' })).getAllByRole('button')).toHaveLength(1)
  expect(screen.getByRole('progressbar', { name: 'Боты' })).toBeVisible()
  await user.click(screen.getByRole('button', { name: 'Выбрать Профи' }))
  await waitFor(() => expect(window.location.hash).toBe('#page-of-stripe'))
  expect(sent[0]).toEqual({ plan_code: 'pro' })
})

test('who owes is told until when sales go on, and then that subscribers keep their access', async () => {
  const owing = { ...FREE, standing: 'past_due' as const, plan_code: 'pro', has_portal: true }
  answer('get', '/billing', { ...owing, pauses_at: '2026-12-05T12:00:00Z' })
  renderPage('~/settings/billing')
  expect(await screen.findByText(/новые продажи и рассылки приостановятся/)).toBeVisible()
  expect(screen.getByRole('button', { name: 'Карты и счета' })).toBeEnabled()
  expect(screen.queryByRole('button', { name: /Выбрать/ })).toBeNull()
  cleanup()
  answer('get', '/billing', { ...owing, standing: 'restricted', sales_paused_at: '2026-12-05T12:00:00Z' })
  renderPage('~/settings/billing')
  expect(await screen.findByText(/Подписчики сохраняют доступ/)).toBeVisible()
})

test('an installation that bills nobody says so', async () => {
  answer('get', '/billing', { ...FREE, is_billed: false, plans: [] })
  renderPage('~/settings/billing')
  expect(await screen.findByText('Платить не за что')).toBeVisible()
})

test('a platform without a price list says what that means for the project', async () => {
  answer('get', '/billing', { ...FREE, plans: [] })
  renderPage('~/settings/billing')
  expect(await screen.findByText('Тарифов пока нет')).toBeVisible()
  expect(screen.getByText(/ничего не списывается/)).toBeVisible()
  expect(screen.queryByText('Ваш тариф')).not.toBeInTheDocument()
})
