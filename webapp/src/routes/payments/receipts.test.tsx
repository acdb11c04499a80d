import { screen, waitFor, within } from '@testing-library/react'
import { beforeEach, expect, test } from 'vitest'
import type { FiscalReceiptOut } from '@/api'
import { aPayment, aPlan } from '@/test/cast'
import { renderPage } from '@/test/render-page'
import { answer, pageOf, signIn } from '@/test/server'

const PAYMENT = aPayment({ receipt_state: 'failed' })
const PATH = `/payments/${PAYMENT.id}`

function aReceipt(changes: Partial<FiscalReceiptOut> = {}): FiscalReceiptOut {
  return {
    id: '00000000-0000-7000-8000-000000000098',
    payment_id: PAYMENT.id,
    refund_id: null,
    kind: 'payment',
    state: 'failed',
    attempts: 3,
    failure: 'no_contact',
    provider_receipt_id: null,
    next_step_at: null,
    state_changed_at: PAYMENT.created_at,
    created_at: PAYMENT.created_at,
    ...changes,
  }
}

function open(receipt: FiscalReceiptOut, role: 'owner' | 'analyst' = 'owner') {
  signIn(role)
  answer('get', PATH, PAYMENT)
  answer('get', `${PATH}/timeline`, { items: [], next_cursor: null })
  answer('get', `${PATH}/refunds`, { items: [], left: null })
  answer('get', '/members', pageOf([]))
  const asked = answer('get', '/fiscal-receipts', pageOf([receipt]))
  return { ...renderPage(`~${PATH}`), asked }
}

beforeEach(() => signIn())

test('a failed receipt says why, and is sent again at a press', async () => {
  const { user, asked } = open(aReceipt())
  const sent = answer('post', `/fiscal-receipts/${aReceipt().id}/retry`, aReceipt({ state: 'pending' }), 202)
  const card = within(await screen.findByLabelText('Чеки 54-ФЗ'))
  expect(card.getByText('Не зарегистрирован')).toBeVisible()
  expect(card.getByText(/не оставил адрес для чека/)).toBeVisible()
  expect(asked[0]).toEqual(expect.objectContaining({ payment_id: PAYMENT.id }))
  await user.click(card.getByRole('button', { name: 'Отправить ещё раз' }))
  await waitFor(() => expect(sent).toHaveLength(1))
  expect(await screen.findByText('Чек отправляется ещё раз')).toBeVisible()
})

test('a refusal of the gateway is told with its field, and who may not retry has no button', async () => {
  open(aReceipt({ failure: 'refused:invalid_request receipt.customer.email' }), 'analyst')
  const card = within(await screen.findByLabelText('Чеки 54-ФЗ'))
  expect(card.getByText(/invalid_request receipt.customer.email/)).toBeVisible()
  expect(card.queryByRole('button')).toBeNull()
})

test('payments whose receipt failed are listed', async () => {
  const listed = answer('get', '/payments', { ...pageOf([PAYMENT]), is_total_exact: true })
  answer('get', '/payments/sums', { items: [], total: 0 })
  answer('get', '/payments/undelivered', { ...pageOf([]), is_total_exact: true })
  answer('get', '/plans', pageOf([aPlan()]))
  renderPage('~/payments?receipt=failed')
  await waitFor(() => expect(listed[0]).toEqual(expect.objectContaining({ receipt_state: 'failed' })))
  expect(await screen.findByLabelText('Чек')).toHaveValue('failed')
})
