import { screen, waitFor, within } from '@testing-library/react'
import { beforeEach, expect, test } from 'vitest'
import type { RefundOut, RefundsOut } from '@/api'
import { ME, aPayment } from '@/test/cast'
import { renderPage } from '@/test/render-page'
import { answer, pageOf, refuse, signIn } from '@/test/server'

const PAYMENT = aPayment({ refunded: { amount_minor: 19_000, currency: 'RUB' } })
const PATH = `/payments/${PAYMENT.id}`

function aRefund(changes: Partial<RefundOut> = {}): RefundOut {
  return {
    id: '00000000-0000-7000-8000-000000000099',
    payment_id: PAYMENT.id,
    origin: 'gateway',
    status: 'succeeded',
    amount: { amount_minor: 19_000, currency: 'RUB' },
    reason: '',
    access: 'keep',
    requested_by: null,
    provider_refund_id: '2d0f-refund',
    check_result: null,
    cancellation_reason: null,
    quarantine_reason: null,
    created_at: PAYMENT.created_at,
    settled_at: PAYMENT.created_at,
    ...changes,
  }
}

function open(
  refunds: Omit<RefundsOut, 'gone_shop_id'> & Partial<RefundsOut>,
  role: 'owner' | 'support' = 'owner',
) {
  signIn(role)
  answer('get', PATH, PAYMENT)
  answer('get', `${PATH}/timeline`, { items: [], next_cursor: null })
  answer('get', `${PATH}/refunds`, { gone_shop_id: null, ...refunds })
  answer('get', '/members', pageOf([]))
  return renderPage(`~${PATH}`)
}

const LEFT = { amount_minor: 80_000, currency: 'RUB' }

beforeEach(() => signIn())

test('what went back is listed, and the payment says so', async () => {
  open({
    items: [aRefund(), aRefund({ id: ME.id, status: 'canceled', cancellation_reason: 'rejected_by_payee' })],
    left: LEFT,
  })
  const card = within(await screen.findByLabelText('Возвраты'))
  expect(card.getByText('Возвращено')).toBeVisible()
  expect(card.getAllByText(/Сделан в ЮKassa/)).toHaveLength(2)
  expect(card.getByText('Покупатель отказался от возврата.')).toBeVisible()
  expect(screen.getByText('Возвращён частично')).toBeVisible()
})

test('a refund is sent with what is left, the reason and what becomes of access', async () => {
  const sent = answer('post', `${PATH}/refunds`, aRefund({ status: 'created', settled_at: null }), 202)
  const { user } = open({ items: [], left: LEFT })
  await user.click(await screen.findByRole('button', { name: 'Вернуть деньги' }))
  const dialog = within(await screen.findByRole('dialog', { name: 'Вернуть деньги' }))
  expect(await dialog.findByText(/Можно вернуть до 800/)).toBeVisible()
  const amount = dialog.getByLabelText('Сколько вернуть')
  await user.clear(amount)
  await user.type(amount, '900')
  await user.click(dialog.getByRole('button', { name: 'Вернуть' }))
  expect(amount).toBeInvalid()
  expect(sent).toHaveLength(0)
  await user.clear(amount)
  await user.type(amount, '250,50')
  await user.selectOptions(dialog.getByLabelText('Что с доступом'), 'keep')
  expect(dialog.getByText('Срок подписки не изменится.')).toBeVisible()
  await user.type(dialog.getByLabelText(/Причина/), 'Заболел')
  await user.click(dialog.getByRole('button', { name: 'Вернуть' }))
  await waitFor(() => expect(sent).toHaveLength(1))
  expect(sent[0]).toEqual({
    amount_minor: 25_050,
    reason: 'Заболел',
    access: 'keep',
    idempotence_key: expect.any(String) as string,
  })
})

test('a refusal is told in the dialog, which stays', async () => {
  refuse('post', `${PATH}/refunds`, 409, { code: 'payment_not_refundable' })
  const { user } = open({ items: [], left: LEFT })
  await user.click(await screen.findByRole('button', { name: 'Вернуть деньги' }))
  const dialog = within(await screen.findByRole('dialog', { name: 'Вернуть деньги' }))
  await user.click(await dialog.findByRole('button', { name: 'Вернуть' }))
  expect(
    await dialog.findByText('Этот платёж нельзя вернуть через сервис, который его принял.'),
  ).toBeVisible()
})

test('whoever may not, and a payment of which nothing is left, have no button', async () => {
  open({ items: [aRefund()], left: LEFT }, 'support')
  expect(await screen.findByLabelText('Возвраты')).toBeVisible()
  expect(screen.queryByRole('button', { name: 'Вернуть деньги' })).toBeNull()
})

test('nothing that is left is no button either', async () => {
  open({ items: [aRefund()], left: { amount_minor: 0, currency: 'RUB' } })
  expect(await screen.findByLabelText('Возвраты')).toBeVisible()
  expect(screen.queryByRole('button', { name: 'Вернуть деньги' })).toBeNull()
})

test('Stars go back whole: there is no sum to choose', async () => {
  const sent = answer('post', `${PATH}/refunds`, aRefund({ status: 'created', settled_at: null }), 202)
  const { user } = open({ items: [], left: { amount_minor: 350, currency: 'XTR' } })
  await user.click(await screen.findByRole('button', { name: 'Вернуть деньги' }))
  const dialog = within(await screen.findByRole('dialog', { name: 'Вернуть деньги' }))
  expect(await dialog.findByText(/Вернутся все 350\s★/)).toBeVisible()
  expect(dialog.queryByLabelText('Сколько вернуть')).toBeNull()
  await user.click(dialog.getByRole('button', { name: 'Вернуть' }))
  await waitFor(() => expect(sent).toEqual([expect.objectContaining({ amount_minor: 350 })]))
})

test('what a shop took that is gone cannot be refunded here, and the page says what to do', async () => {
  open({ items: [], left: LEFT, gone_shop_id: '1234567' })
  expect(await screen.findByText('Магазин 1234567 отключён, вернуть деньги отсюда нельзя')).toBeVisible()
  expect(screen.getByText(/Подключите его снова в разделе «Магазин»/)).toBeVisible()
  expect(screen.queryByRole('button', { name: 'Вернуть деньги' })).toBeNull()
})
