import { screen, waitFor, within } from '@testing-library/react'
import { beforeEach, expect, test } from 'vitest'
import type { BillingOut, InvoiceOut, InvoicesOut } from '@/api'
import { renderPage } from '@/test/render-page'
import { answer, refuse, signIn } from '@/test/server'

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
  is_renewing: false,
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
  const own = within(screen.getByRole('region', { name: 'Ваш тариф' })).getAllByRole('listitem')
  const offered = within(screen.getByRole('region', { name: FREE.plans[0]?.name })).getAllByRole('listitem')
  expect(own.map((limit) => limit.textContent)).toEqual(offered.map((limit) => limit.textContent))
  expect(own).toHaveLength(5)
  await user.click(screen.getByRole('button', { name: 'Выбрать Профи' }))
  await waitFor(() => expect(window.location.hash).toBe('#page-of-stripe'))
  expect(sent[0]).toEqual({ plan_code: 'pro' })
})

const OWING: BillingOut = { ...FREE, standing: 'past_due', plan_code: 'pro', has_portal: true }
const USD = (amount_minor: number) => ({ amount_minor, currency: 'USD' })
const INVOICE: InvoiceOut = {
  id: 'in_1', number: 'ABC-0002', status: 'open', made_at: '2026-11-20T09:00:00Z', total: USD(1900), refunded: USD(0),
  left: USD(0), page_url: 'https://stripe.test/i/2', file_url: null, name: 'ООО «Клуб»',
  tax_ids: [{ type: 'ru_inn', value: '7701234567' }], refunds: [],
} // prettier-ignore
const PAPERS: InvoicesOut = {
  name: 'ООО «Клуб»',
  tax_ids: [{ type: 'ru_inn', value: '7701234567' }],
  items: [INVOICE],
}

test('who owes reads what will stop and when, what goes on, and pays', async () => {
  answer('get', '/billing', { ...OWING, pauses_at: '2026-12-05T12:00:00Z' })
  answer('get', '/billing/invoices', PAPERS)
  answer('post', '/billing/pay', { url: `${window.location.href}#invoice-of-stripe` })
  const { user } = renderPage('~/settings/billing')
  expect(await screen.findByRole('region', { name: /^Приостановится 5 дек/ })).toHaveTextContent('рассылки')
  expect(screen.getByRole('region', { name: 'Продолжается' })).toHaveTextContent(
    'подписчики сохраняют доступ',
  )
  expect(screen.getByRole('button', { name: 'Тариф, карты и счета' })).toBeEnabled()
  expect(screen.queryByRole('button', { name: /Выбрать/ })).toBeNull()
  await user.click(screen.getByRole('button', { name: 'Оплатить счёт' }))
  await waitFor(() => expect(window.location.hash).toMatch(/#invoice-of-stripe$/))
})

test('whoever manages but does not own is told who can pay', async () => {
  signIn('manager')
  answer('get', '/billing', { ...OWING, standing: 'restricted', sales_paused_at: '2026-12-05T12:00:00Z' })
  answer('get', '/billing/invoices', PAPERS)
  renderPage('~/settings/billing')
  expect(await screen.findByRole('region', { name: 'Приостановлено' })).toHaveTextContent('новые продажи')
  expect(screen.getByText(/Оплатить счёт может владелец/)).toBeVisible()
  expect(screen.queryByRole('button', { name: 'Оплатить счёт' })).toBeNull()
})

test('invoices tell whom they are made out to, how they stand, and what went back and why', async () => {
  answer('get', '/billing', { ...OWING, standing: 'active' })
  const refund = {
    amount: USD(500),
    reason: 'Двойная оплата',
    failure: null,
    created_at: '2026-11-22T09:00:00Z',
  }
  answer('get', '/billing/invoices', {
    ...PAPERS,
    items: [
      INVOICE,
      {
        ...INVOICE, id: 'in_0', number: 'ABC-0001', status: 'paid', refunded: USD(500), left: USD(1400),
        page_url: 'https://stripe.test/i/1', refunds: [{ ...refund, state: 'succeeded' as const }],
      },
    ],
  }) // prettier-ignore
  renderPage('~/settings/billing')
  const card = within(await screen.findByRole('region', { name: 'Счета' }))
  expect(await card.findByText('7701234567')).toBeVisible()
  const [owed, given] = [
    card.getByRole('listitem', { name: 'ABC-0002' }),
    card.getByRole('listitem', { name: 'ABC-0001' }),
  ]
  expect(owed).toHaveTextContent('Ждёт оплаты')
  expect(within(owed).getByRole('link', { name: 'Оплатить' })).toHaveAttribute(
    'href',
    'https://stripe.test/i/2',
  )
  expect(given).toHaveTextContent(/Возвращено 5\s\$/)
  expect(given).toHaveTextContent('Двойная оплата')
  expect(within(given).getByRole('link', { name: 'Открыть' })).toHaveAttribute(
    'href',
    'https://stripe.test/i/1',
  )
})

test('while Stripe does not answer, the rest of the page is there', async () => {
  answer('get', '/billing', { ...OWING, standing: 'active' })
  refuse('get', '/billing/invoices', 503, { code: 'stripe_unavailable' })
  renderPage('~/settings/billing')
  expect(await screen.findByRole('progressbar', { name: 'Боты' })).toBeVisible()
  expect(await screen.findByRole('button', { name: /Повторить/ }, { timeout: 4000 })).toBeVisible()
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

test('whoever pays reads where plans are changed, and what cancelling would keep and limit', async () => {
  answer('get', '/billing', { ...OWING, standing: 'active', is_renewing: true })
  answer('get', '/billing/invoices', PAPERS)
  renderPage('~/settings/billing')
  const card = within(await screen.findByRole('region', { name: 'Ваш тариф' }))
  expect(card.getByRole('button', { name: 'Тариф, карты и счета' })).toBeVisible()
  expect(card.getByText(/можно сменить тариф или карту, взять счета и отменить подписку/)).toBeVisible()
  const after = within(card.getByRole('region', { name: 'Если отменить подписку' }))
  expect(after.getByText(/До конца текущего срока обычно ничего не меняется/)).toBeVisible()
  expect(after.getByText(/Ничего не удаляется/)).toBeVisible()
  expect(after.getByText(/Потом действуют пределы тарифа «Старт»/)).toBeVisible()
})

test.each([
  {
    standing: 'active' as const,
    cancels_at: '2026-12-05T12:00:00Z',
    title: /^После 5 дек/,
    said: /Потом действуют/,
  },
  { standing: 'canceled' as const, cancels_at: null, title: 'Подписка закончилась', said: /Действуют/ },
])('whoever has cancelled reads what holds then: $standing', async ({ title, said, ...changes }) => {
  answer('get', '/billing', { ...OWING, ...changes })
  answer('get', '/billing/invoices', PAPERS)
  renderPage('~/settings/billing')
  const after = within(await screen.findByRole('region', { name: title }))
  expect(after.getByText(said)).toBeVisible()
  expect(after.queryByText(/До конца текущего/)).not.toBeInTheDocument()
})
