import { screen, waitFor, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import type { RevenueOut, TenantBillingOut } from '@/api'
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

test('a limit is set by hand, taken back to the plan, or lifted', async () => {
  signInAs({ is_staff: true, has_second_factor: true })
  answer('get', `*/api/v1/staff/tenants/${TENANT.id}`, CONSOLE)
  answer('get', `*/api/v1/staff/tenants/${TENANT.id}/billing`, BILLING)
  const { user } = renderPage(`/staff/tenants/${TENANT.id}`)
  expect(await screen.findByText('Платёж не прошёл')).toBeVisible()
  await user.click(screen.getByRole('button', { name: 'Задать пределы вручную' }))
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
