import { screen, waitFor, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import type { FeaturesOut, InvoiceOut, InvoicesOut, RevenueOut, TenantBillingOut } from '@/api'
import { AT, CONSOLE, TENANT } from '@/test/cast'
import { renderPage } from '@/test/render-page'
import { answer, signInAs } from '@/test/server'

const USD = (amount_minor: number) => ({ amount_minor, currency: 'USD' })
const REVENUE: RevenueOut = {
  is_billed: true, read_at: AT, monthly: [USD(3_000)], free: 7, canceled: 2, unlisted: 0,
  plans: [
    {
      code: 'pro', name: 'Pro', price: USD(1_000), is_sold: false, trialing: 4, active: 2, past_due: 1, restricted: 5,
      monthly: USD(3_000),
    },
  ],
} // prettier-ignore
const BILLING: TenantBillingOut = {
  is_billed: true, standing: 'past_due', plan_code: 'pro', period_ends_at: AT, trial_ends_at: null, cancels_at: null,
  unpaid_since_at: AT, sales_paused_at: null, stripe_customer_id: 'cus_1',
  uses: [
    { of: 'max_bots', used: 1, limit: 7 }, { of: 'max_channels', used: 2, limit: 5 },
    { of: 'max_subscribers', used: 30, limit: 50 }, { of: 'max_broadcasts', used: 0, limit: 5 },
    { of: 'max_members', used: 1, limit: null },
  ],
  by_hand: { max_bots: 7, max_members: null }, version: 'v1',
} // prettier-ignore

test('staff sees what each plan brings, and that a plan is sold no more', async () => {
  signInAs({ is_staff: true, has_second_factor: true })
  answer('get', '*/api/v1/staff/revenue', REVENUE)
  renderPage('/staff/revenue')
  const row = await screen.findByRole('row', { name: /Pro/ })
  expect(within(row).getAllByRole('cell').map(({ textContent }) => textContent.replace(/\s/g, ' '))).toEqual([
    '4', '2', '1', '5', '30 $',
  ]) // prettier-ignore
  expect(within(row).getByText('Больше не продаётся')).toBeVisible()
  expect(screen.getByText('Платящие проекты').closest('div')?.parentElement).toHaveTextContent('3')
})

const INVOICE: InvoiceOut = {
  id: 'in_1', number: 'ABC-0001', status: 'paid', made_at: AT, total: USD(1_900), refunded: USD(0), left: USD(1_900),
  page_url: 'https://stripe.test/i/1', file_url: null, name: 'Club Ltd', tax_ids: [], refunds: [],
} // prettier-ignore
const PAPERS: InvoicesOut = {
  name: 'Club Ltd',
  tax_ids: [{ type: 'eu_vat', value: 'DE123456789' }],
  items: [INVOICE],
}
const FEATURES: FeaturesOut = {
  items: [
    { feature: 'webhooks', for_all: true, own: null },
    { feature: 'triggers', for_all: true, own: false },
  ],
}

function openTenant(papers = PAPERS) {
  signInAs({ is_staff: true, has_second_factor: true })
  answer('get', `*/api/v1/staff/tenants/${TENANT.id}`, CONSOLE)
  answer('get', `*/api/v1/staff/tenants/${TENANT.id}/billing`, BILLING)
  answer('get', `*/api/v1/staff/tenants/${TENANT.id}/billing/invoices`, papers)
  answer('get', `*/api/v1/staff/tenants/${TENANT.id}/features`, FEATURES)
  return renderPage(`/staff/tenants/${TENANT.id}`)
}

test('a part of an invoice is given back, with a reason, and what Stripe says of it is shown', async () => {
  const { user } = openTenant()
  await user.click(await screen.findByRole('button', { name: 'Вернуть деньги по счёту ABC-0001' }))
  const dialog = within(screen.getByRole('dialog', { name: 'Возврат по счёту ABC-0001' }))
  const amount = dialog.getByLabelText('Сумма')
  await user.clear(amount)
  await user.type(amount, '20')
  await user.type(dialog.getByLabelText('Причина'), 'Оплачено дважды')
  const sent = answer('post', `*/api/v1/staff/tenants/${TENANT.id}/billing/refunds`, PAPERS, 202)
  await user.click(dialog.getByRole('button', { name: 'Вернуть деньги' }))
  await waitFor(() => expect(amount).toBeInvalid())
  expect(sent).toHaveLength(0)
  await user.clear(amount)
  await user.type(amount, '5')
  const refund = { amount: USD(500), reason: 'Оплачено дважды', state: 'refused' as const, failure: 'charge_disputed', created_at: AT } // prettier-ignore
  answer('get', `*/api/v1/staff/tenants/${TENANT.id}/billing/invoices`, {
    ...PAPERS,
    items: [{ ...INVOICE, refunds: [refund] }],
  })
  await user.click(dialog.getByRole('button', { name: 'Вернуть деньги' }))
  await waitFor(() => expect(sent).toHaveLength(1))
  expect(sent[0]).toMatchObject({ stripe_invoice: 'in_1', amount_minor: 500, reason: 'Оплачено дважды' })
  const line = await screen.findByText('Stripe отказал')
  expect(line.closest('li')).toHaveTextContent('charge_disputed')
})

test('while a refund is asked for, no second one of the same invoice can be', async () => {
  const refund = { amount: USD(500), reason: 'Оплачено дважды', state: 'asked' as const, failure: null, created_at: AT } // prettier-ignore
  openTenant({ ...PAPERS, items: [{ ...INVOICE, refunds: [refund] }] })
  expect(await screen.findByText('Возврат запрошен')).toBeVisible()
  expect(screen.queryByRole('button', { name: /Вернуть деньги по счёту/ })).toBeNull()
})

test('a feature is switched off for a tenant, and is as for all again', async () => {
  const { user } = openTenant()
  const card = within(await screen.findByRole('region', { name: 'Функции' }))
  expect(await card.findByRole('listitem', { name: 'Автоматические рассылки' })).toHaveTextContent(
    'задано для проекта',
  )
  await user.click(card.getByRole('button', { name: 'Изменить: Автоматические рассылки' }))
  const dialog = within(screen.getByRole('dialog'))
  await user.selectOptions(dialog.getByLabelText('Состояние'), 'Как у всех')
  await user.type(dialog.getByLabelText('Причина'), 'Жалобы разобраны')
  const sent = answer('put', `*/api/v1/staff/tenants/${TENANT.id}/features/triggers`, FEATURES)
  await user.click(dialog.getByRole('button', { name: 'Сохранить' }))
  await waitFor(() => expect(sent).toEqual([{ is_on: null, reason: 'Жалобы разобраны' }]))
})

test('a feature is switched off for all', async () => {
  signInAs({ is_staff: true, has_second_factor: true })
  answer('get', '*/api/v1/staff/features', FEATURES)
  const { user } = renderPage('/staff/features')
  await user.click(await screen.findByRole('button', { name: 'Изменить: Вебхуки' }))
  const dialog = within(screen.getByRole('dialog'))
  expect(dialog.queryByRole('option', { name: 'Как у всех' })).toBeNull()
  await user.selectOptions(dialog.getByLabelText('Состояние'), 'Выключено')
  await user.type(dialog.getByLabelText('Причина'), 'Чиним доставку')
  const sent = answer('put', '*/api/v1/staff/features/webhooks', FEATURES)
  await user.click(dialog.getByRole('button', { name: 'Сохранить' }))
  await waitFor(() => expect(sent).toEqual([{ is_on: false, reason: 'Чиним доставку' }]))
})

test('a limit is set by hand, taken back to the plan, or lifted', async () => {
  signInAs({ is_staff: true, has_second_factor: true })
  answer('get', `*/api/v1/staff/tenants/${TENANT.id}`, CONSOLE)
  answer('get', `*/api/v1/staff/tenants/${TENANT.id}/billing`, BILLING)
  const { user } = renderPage(`/staff/tenants/${TENANT.id}`)
  expect(await screen.findByText('Платёж не прошёл')).toBeVisible()
  await user.click(screen.getByRole('button', { name: 'Изменить пределы' }))
  expect(screen.getByLabelText('Боты: число')).toHaveValue(7)
  await user.selectOptions(screen.getByRole('combobox', { name: 'Боты' }), 'Как в тарифе')
  await user.selectOptions(screen.getByRole('combobox', { name: 'Каналы' }), 'Число')
  const submit = screen.getByRole('button', { name: 'Сохранить' })
  const sent = answer('put', `*/api/v1/staff/tenants/${TENANT.id}/limits-by-hand`, BILLING)
  await user.click(submit)
  await waitFor(() => expect(screen.getByLabelText('Каналы: число')).toBeInvalid())
  await user.type(screen.getByLabelText('Каналы: число'), '12')
  await user.click(submit)
  await waitFor(() =>
    expect(sent).toEqual([{ limits: { max_channels: 12, max_members: null }, version: 'v1' }]),
  )
})
