import { screen, waitFor } from '@testing-library/react'
import { beforeEach, expect, test } from 'vitest'
import type { FindingOut, ReconciliationOut } from '@/api'
import { aBot } from '@/test/cast'
import { renderPage } from '@/test/render-page'
import { answer, pageOf, refuse, signIn } from '@/test/server'

const AT = '2026-11-20T09:00:00Z'
const id = (number: number) => `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`

function aRun(changes: Partial<ReconciliationOut> = {}): ReconciliationOut {
  return {
    id: id(91),
    bot_id: aBot().id,
    provider: 'yookassa',
    shop_id: '100',
    status: 'done',
    stage: 'ours',
    from_at: AT,
    until_at: AT,
    listed_count: 1200,
    foreign_count: 7,
    ours_count: 1193,
    repaired_count: 2,
    open_count: 1,
    problem: '',
    requested_by: null,
    created_at: AT,
    finished_at: AT,
    ...changes,
  }
}

function aFinding(changes: Partial<FindingOut> = {}): FindingOut {
  return {
    id: id(92),
    bot_id: aBot().id,
    reconciliation_id: id(91),
    provider: 'yookassa',
    kind: 'mismatch',
    state: 'open',
    reason: 'amount',
    payment_id: id(88),
    gateway_payment_id: '2d0f',
    ours: { status: 'succeeded', amount: { amount_minor: 99_000, currency: 'RUB' } },
    gateway: { status: 'succeeded', amount: { amount_minor: 100, currency: 'RUB' } },
    found_at: AT,
    seen_at: AT,
    closed_at: null,
    closed_by: null,
    ...changes,
  }
}

const long = <Item,>(items: Item[]) => ({ ...pageOf(items), is_total_exact: true })

beforeEach(() => {
  signIn()
  answer('get', '/bots', pageOf([aBot()]))
  answer('get', '/reconciliations', long([aRun()]))
  answer('get', '/reconciliations/findings', long([aFinding()]))
})

test('what the last run found is shown, and is dealt with by a button', async () => {
  const sent = answer('post', `/reconciliations/findings/${aFinding().id}/dismiss`, aFinding())
  const { user } = renderPage('~/payments/reconciliation')
  expect(await screen.findByText('Отличается сумма.')).toBeVisible()
  expect(screen.getByText('в ЮKassa: 1 200, у нас: 1 193')).toBeVisible()
  expect(screen.getByRole('link', { name: '2d0f' })).toHaveAttribute(
    'href',
    expect.stringContaining(`/payments/${id(88)}`),
  )
  await user.click(screen.getByRole('button', { name: 'Решено' }))
  await waitFor(() => expect(sent).toHaveLength(1))
})

test('a run is started for the last thirty days, and nobody starts a second one meanwhile', async () => {
  const sent = answer('post', '/reconciliations', aRun({ status: 'running' }), 202)
  const { user } = renderPage('~/payments/reconciliation')
  const button = await screen.findByRole('button', { name: 'Сверить сейчас' })
  answer('get', '/reconciliations', long([aRun({ status: 'running', listed_count: 100 })]))
  await user.click(button)
  await waitFor(() => expect(sent).toEqual([{ bot_id: aBot().id, provider: 'yookassa', days: 30 }]))
  expect(await screen.findByText('Идёт')).toBeVisible()
  expect(screen.getByText('в ЮKassa: 100, у нас: 1 193')).toBeVisible()
  await user.click(screen.getByRole('button', { name: 'Сверить сейчас' }))
  expect(sent).toHaveLength(1)
})

test('a bot that sells for Stars has a run of its own over them, told in words of Telegram', async () => {
  answer('get', '/bots', pageOf([aBot({ stars_reconcile_at: AT })]))
  const ofStars = aRun({ id: id(93), provider: 'stars', shop_id: 'telegram', listed_count: 5, ours_count: 4 })
  answer('get', '/reconciliations', long([ofStars, aRun()]))
  const refunded = { status: 'refunded', amount: { amount_minor: 350, currency: 'XTR' } }
  const unheard = aFinding({
    provider: 'stars',
    kind: 'refund_unnoticed',
    state: 'repaired',
    gateway: refunded,
  })
  const foreign = aFinding({ id: id(94), provider: 'stars', kind: 'unknown_payment', payment_id: null })
  answer('get', '/reconciliations/findings', long([unheard, foreign]))
  const sent = answer('post', '/reconciliations', ofStars, 202)
  const { user } = renderPage('~/payments/reconciliation')
  expect(await screen.findByText('в Telegram: 5, у нас: 4')).toBeVisible()
  expect(screen.getByText('в ЮKassa: 1 200, у нас: 1 193')).toBeVisible()
  expect(screen.getByText('Возврат не был замечен')).toBeVisible()
  expect(screen.getByText('Возвращён')).toBeVisible()
  expect(screen.getByText(/звёзды по нашему счёту/)).toBeVisible()
  const [, button] = screen.getAllByRole('button', { name: 'Сверить сейчас' })
  await user.click(button!)
  await waitFor(() => expect(sent).toEqual([{ bot_id: aBot().id, provider: 'stars', days: 30 }]))
})

test('a run over Stars whose bot has no token any more says so', async () => {
  answer('get', '/bots', pageOf([aBot({ shop_status: 'not_connected', stars_reconcile_at: AT })]))
  const ofStars = aRun({ provider: 'stars', shop_id: 'telegram', status: 'failed', problem: 'keys_refused' })
  answer('get', '/reconciliations', long([ofStars]))
  renderPage('~/payments/reconciliation')
  expect(await screen.findByText(/не принимает токен бота/)).toBeVisible()
  expect(screen.getAllByRole('button', { name: 'Сверить сейчас' })).toHaveLength(1)
})

test('who may only look has nothing to press, and sees what was mended', async () => {
  signIn('analyst')
  const asked = answer('get', '/reconciliations/findings', long([]))
  const { user } = renderPage('~/payments/reconciliation')
  expect(await screen.findByText('Всё сходится')).toBeVisible()
  expect(screen.queryByRole('button', { name: 'Сверить сейчас' })).not.toBeInTheDocument()
  await user.selectOptions(screen.getByLabelText('Показать'), 'repaired')
  expect(await screen.findByText('Исправлять было нечего')).toBeVisible()
  expect(asked.at(-1)).toEqual(expect.objectContaining({ state: 'repaired' }))
})

test('a failed run says why; a list that cannot be loaded can be asked for again', async () => {
  answer('get', '/reconciliations', long([aRun({ status: 'failed', problem: 'keys_refused' })]))
  refuse('get', '/reconciliations/findings', 500, { code: 'internal_error' })
  renderPage('~/payments/reconciliation')
  expect(await screen.findByText(/не принимает ключи магазина/)).toBeVisible()
  expect(await screen.findByRole('button', { name: 'Повторить' })).toBeVisible()
})
