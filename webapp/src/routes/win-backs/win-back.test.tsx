import { screen, waitFor, within } from '@testing-library/react'
import { beforeEach, expect, test } from 'vitest'
import { aBot, aPlan } from '@/test/cast'
import { renderPage } from '@/test/render-page'
import { answer, pageOf, refuse, signIn } from '@/test/server'

const OFF = { is_on: false, from_hour: 10, until_hour: 20, steps: [], version: 'v0' }
const STEP = {
  after_days: 3,
  discount_kind: 'percent',
  discount_value: 10,
  valid_days: 3,
  plan_ids: [],
}
const SHOWN = { html: 'Анна, <b>−10 %</b>', buttons: ['Вернуться: −10 %'], length: 10, max_length: 4096 }

beforeEach(() => {
  signIn()
  answer('get', '/bots', pageOf([aBot()]))
  answer('get', '/plans', pageOf([aPlan()]))
  answer('get', '/win-back', OFF)
  answer('get', '/win-back/figures', { items: [], opted_out: 0 })
  answer('post', '/win-back/preview', SHOWN)
})

test('steps are added, each better than the last, and saved whole', async () => {
  const sent = answer('put', '/win-back', { ...OFF, is_on: true, steps: [STEP], version: 'v1' })
  const { user } = renderPage('~/promo-codes/win-back')
  await user.click(await screen.findByLabelText('Присылать предложения'))
  await user.click(screen.getByRole('button', { name: 'Добавить шаг' }))
  await user.click(screen.getByRole('button', { name: 'Добавить шаг' }))
  await user.click(screen.getByRole('button', { name: 'Сохранить серию' }))
  await waitFor(() => expect(sent).toHaveLength(1))
  expect(sent[0]).toEqual({
    is_on: true,
    from_hour: 10,
    until_hour: 20,
    steps: [STEP, { ...STEP, after_days: 10, discount_value: 20 }],
    version: 'v0',
  })
})

test('the message of a step is shown as the bot would send it', async () => {
  answer('get', '/win-back', { ...OFF, steps: [STEP] })
  renderPage('~/promo-codes/win-back')
  const preview = await screen.findByRole('region', { name: 'Как это увидит подписчик' })
  expect(await within(preview).findByText('Вернуться: −10 %')).toBeVisible()
})

test('what makes no series is said at its field', async () => {
  answer('get', '/win-back', { ...OFF, steps: [STEP, { ...STEP, after_days: 9 }] })
  refuse('put', '/win-back', 422, { code: 'win_back_invalid', fields: { 'steps.1.after_days': 'not_later' } })
  const { user } = renderPage('~/promo-codes/win-back')
  await user.click(await screen.findByLabelText('Присылать предложения'))
  await user.click(screen.getByRole('button', { name: 'Сохранить серию' }))
  await waitFor(() => expect(screen.getAllByLabelText('Через дней после окончания')[1]).toBeInvalid())
})

test('what the series brought stands step by step', async () => {
  answer('get', '/win-back/figures', {
    items: [
      {
        step: 1,
        offered: 12,
        sent: 11,
        came_back: 3,
        revenue: [{ amount_minor: 267_300, currency: 'RUB' }],
      },
    ],
    opted_out: 2,
  })
  renderPage('~/promo-codes/win-back')
  const table = await screen.findByRole('table', { name: 'Что это дало' })
  expect(within(table).getAllByRole('row')[1]).toHaveTextContent(/12113.*2\s?673/)
  expect(screen.getByText('2 человека попросили больше не присылать.')).toBeVisible()
})

test('who may only look changes nothing', async () => {
  signIn('analyst')
  renderPage('~/promo-codes/win-back')
  expect(await screen.findByLabelText('Присылать предложения')).toBeDisabled()
  expect(screen.queryByRole('button', { name: 'Сохранить серию' })).toBeNull()
})
