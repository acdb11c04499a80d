import { screen, waitFor, within } from '@testing-library/react'
import { beforeEach, expect, test } from 'vitest'
import { aBot, aChannel, aPlan } from '@/test/cast'
import { renderPage } from '@/test/render-page'
import { answer, pageOf, refuse, signIn } from '@/test/server'

const path = `/plans/${aPlan().id}`
const NONE = { pause_days: 0, pauses_a_year: 0, offer_kind: null, offer_days: null, promo_code_id: null }

beforeEach(() => {
  signIn()
  answer('get', '/bots', pageOf([aBot()]))
  answer('get', '/channels', pageOf([aChannel()]))
  answer('get', '/promo-codes', { ...pageOf([]), is_total_exact: true })
  answer('get', path, aPlan())
  answer('get', `${path}/leaving-rules`, NONE)
  answer('get', `${path}/leavings`, { items: [] })
})

test('pauses and days as an offer are set; what belongs to another offer is not sent', async () => {
  const sent = answer('put', `${path}/leaving-rules`, NONE)
  const { user } = renderPage(`~/plans/${aPlan().id}`)
  const days = await screen.findByLabelText('Самая долгая пауза, дней')
  await user.clear(days)
  await user.type(days, '14')
  await user.clear(screen.getByLabelText('Пауз в год'))
  await user.type(screen.getByLabelText('Пауз в год'), '2')
  await user.selectOptions(screen.getByLabelText('Предложение'), 'days')
  await user.type(screen.getByLabelText('Дней в подарок'), '7')
  await user.click(screen.getByRole('button', { name: 'Сохранить паузы и предложение' }))
  await waitFor(() =>
    expect(sent).toEqual([
      { pause_days: 14, pauses_a_year: 2, offer_kind: 'days', offer_days: 7, promo_code_id: null },
    ]),
  )
})

test('what does not fit together is said at its field', async () => {
  refuse('put', `${path}/leaving-rules`, 422, {
    code: 'leaving_rules_invalid',
    fields: { pauses_a_year: 'missing' },
  })
  const { user } = renderPage(`~/plans/${aPlan().id}`)
  await user.click(await screen.findByRole('button', { name: 'Сохранить паузы и предложение' }))
  await waitFor(() => expect(screen.getByLabelText('Пауз в год')).toBeInvalid())
})

test('the reasons and what became of the offers stand in a table', async () => {
  answer('get', `${path}/leavings`, {
    items: [
      { reason: 'too_expensive', count: 5, offered: 4, accepted: 2, declined: 1 },
      { reason: null, count: 3, offered: 0, accepted: 0, declined: 0 },
    ],
  })
  renderPage(`~/plans/${aPlan().id}`)
  const table = await screen.findByRole('table', { name: 'Почему отключают автопродление' })
  const rows = within(table).getAllByRole('row')
  expect(rows[1]).toHaveTextContent('Дорого5421')
  expect(rows[2]).toHaveTextContent('Не ответили3000')
})

test('where nobody left it says so', async () => {
  renderPage(`~/plans/${aPlan().id}`)
  expect(await screen.findByText(/никто не отключал/)).toBeVisible()
})
