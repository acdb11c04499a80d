import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { beforeEach, expect, test } from 'vitest'
import type { BroadcastOut, BroadcastRecipientOut } from '@/api'
import { aBroadcast, aRun } from '@/test/broadcasts'
import { aBot, aCode, aPlan, aUser } from '@/test/cast'
import { renderPage } from '@/test/render-page'
import { answer, pageOf, refuse, signIn } from '@/test/server'

const PATH = `/broadcasts/${aBroadcast().id}`
const AT = '2026-11-20T09:00:00Z'

const PERSON: BroadcastRecipientOut = {
  user_id: aUser().id,
  telegram_id: 700_001,
  name: 'Борис',
  username: 'boris',
  state: 'failed',
  reason: 'Bad Request: wrong file identifier',
  changed_at: AT,
}

function open(found: BroadcastOut) {
  answer('get', PATH, found)
  return renderPage(`~${PATH}`)
}

beforeEach(() => {
  signIn()
  answer('get', '/bots', pageOf([aBot()]))
  answer('get', '/plans', pageOf([aPlan()]))
  answer('get', '/channels', pageOf([]))
  answer('get', `/broadcasts/audience/${aBot().id}`, { reached: 1200, blocked: 3, opted_out: 1 })
  answer('get', `${PATH}/recipients`, { items: [PERSON], next_cursor: null })
})

test('the list says of each broadcast where it is, and an empty one what broadcasts are for', async () => {
  answer('get', '/broadcasts', pageOf([aRun()]))
  renderPage('~/broadcasts')
  const row = await screen.findByRole('row', { name: /Новый эфир/ })
  expect(row).toHaveTextContent(/Отправляется/)
  expect(within(row).getByRole('progressbar')).toHaveAttribute('aria-valuenow', '420')
})

test('an empty list explains itself and leads to the first broadcast', async () => {
  answer('get', '/broadcasts', pageOf([]))
  renderPage('~/broadcasts')
  expect(await screen.findByText('Рассылок ещё нет')).toBeVisible()
  expect(screen.getAllByRole('link', { name: 'Новая рассылка' })).toHaveLength(2)
})

test('three drafts for those who left are written at once, later ones with a promo code', async () => {
  answer('get', '/broadcasts', pageOf([aRun()]))
  answer('get', '/promo-codes', pageOf([aCode({ code: 'BACK30' })]))
  const sent = answer('post', '/broadcasts/for-expired', { items: [] })
  const { user } = renderPage('~/broadcasts')
  await user.click(await screen.findByRole('button', { name: 'Черновики для ушедших' }))
  const last = await screen.findByRole('group', { name: 'Сообщение 3' })
  await within(last).findByRole('option', { name: 'BACK30' })
  await user.selectOptions(within(last).getByLabelText('Промокод'), 'BACK30')
  const days = within(last).getByLabelText('Через дней')
  fireEvent.change(days, { target: { value: '5' } })
  await user.click(screen.getByRole('button', { name: 'Создать черновики' }))
  await waitFor(() => expect(days).toHaveAccessibleDescription(/больше, чем в предыдущем/))
  fireEvent.change(days, { target: { value: '45' } })
  await user.click(screen.getByRole('button', { name: 'Создать черновики' }))
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  expect(sent).toEqual([
    expect.objectContaining({
      bot_id: aBot().id,
      calls: [
        { after_days: 1, promo_code_id: null },
        { after_days: 7, promo_code_id: null },
        { after_days: 45, promo_code_id: aCode().id },
      ],
    }),
  ])
})

test('before anybody looked at it in Telegram nothing can be sent, and afterwards the number of people is asked about', async () => {
  const { user } = open(aBroadcast())
  const send = await screen.findByRole('button', { name: 'Отправить сейчас' })
  expect(send).toBeDisabled()
  expect(await screen.findByText(/Получат 1\s200 человек/)).toBeVisible()
  const tested = answer('post', `${PATH}/test`, aBroadcast({ tested_at: AT }))
  answer('get', PATH, aBroadcast({ tested_at: AT }))
  await user.click(screen.getByRole('button', { name: 'Отправить мне' }))
  await waitFor(() => expect(send).toBeEnabled())
  expect(tested).toEqual([{ user_id: null }])
  const started = answer('post', `${PATH}/send`, aRun())
  answer('get', PATH, aRun())
  await user.click(send)
  const question = await screen.findByRole('alertdialog', { name: /Отправить 1\s200 людям\?/ })
  await user.click(within(question).getByRole('button', { name: 'Отправить' }))
  expect(await screen.findByRole('progressbar', { name: 'Сколько людей уже обработано' })).toBeVisible()
  expect(started).toEqual([{ version: 'first' }])
})

test('whose Telegram is not linked is led to linking it, or sends the test to a subscriber', async () => {
  answer('get', '/users', pageOf([aUser()]))
  answer('get', '/bots', pageOf([aBot({ chat_url: 'http://127.0.0.1:8081/?bot=alpha_bot' })]))
  refuse('post', `${PATH}/test`, 409, { code: 'test_reader_missing' })
  const { user } = open(aBroadcast())
  await user.click(await screen.findByRole('button', { name: 'Отправить мне' }))
  expect(await screen.findByRole('link', { name: 'Привязать Telegram' })).toHaveAttribute('href', '/account')
  expect(screen.getByRole('link', { name: 'Открыть @alpha_bot' })).toHaveAttribute(
    'href',
    'http://127.0.0.1:8081/?bot=alpha_bot',
  )
  const tested = answer('post', `${PATH}/test`, aBroadcast({ tested_at: AT }))
  await user.click(screen.getByRole('button', { name: 'Одному подписчику…' }))
  await user.click(await screen.findByRole('button', { name: /Борис/ }))
  await waitFor(() => expect(tested).toEqual([{ user_id: aUser().id }]))
})

test('Telegram’s own words say why it does not take a message', async () => {
  refuse('post', `${PATH}/test`, 422, {
    code: 'broadcast_refused',
    fields: { telegram: 'Bad Request: wrong file identifier' },
  })
  const { user } = open(aBroadcast())
  await user.click(await screen.findByRole('button', { name: 'Отправить мне' }))
  expect(await screen.findByText('Bad Request: wrong file identifier')).toBeVisible()
})

test('how far it is stands in figures, and it is paused and resumed', async () => {
  const { user } = open(aRun())
  expect(await screen.findByText(/420 из 1\s200/)).toBeVisible()
  expect(screen.getByText(/1\s500 сообщений в минуту · осталось 32/)).toBeVisible()
  answer('post', `${PATH}/pause`, {})
  answer(
    'get',
    PATH,
    aRun({ status: 'paused', paused_because: 'asked', rate_per_minute: null, seconds_left: null }),
  )
  await user.click(screen.getByRole('button', { name: 'Пауза' }))
  expect(await screen.findByText('Рассылка на паузе')).toBeVisible()
  const resumed = answer('post', `${PATH}/resume`, {})
  answer('get', PATH, aRun())
  await user.click(screen.getByRole('button', { name: 'Продолжить' }))
  await waitFor(() => expect(screen.queryByText('Рассылка на паузе')).toBeNull())
  expect(resumed).toHaveLength(1)
})

test.each([
  ['suspended', /остановилась вместе с продажами/],
  ['refused', /Telegram отказал первым получателям подряд/],
] as const)('a pause that nobody asked for says what to do: %s', async (paused_because, words) => {
  open(aRun({ status: 'paused', paused_because }))
  expect(await screen.findByText(words)).toBeVisible()
})

test('stopping says how many people go without, and is asked about first', async () => {
  const stopped = answer('post', `${PATH}/stop`, aRun({ status: 'stopped' }))
  const { user } = open(aRun())
  await user.click(await screen.findByRole('button', { name: 'Остановить' }))
  const question = await screen.findByRole('alertdialog')
  expect(question).toHaveTextContent(/780 человек её не получат/)
  await user.click(within(question).getByRole('button', { name: 'Остановить насовсем' }))
  await waitFor(() => expect(stopped).toHaveLength(1))
})

test('those of whom it is uncertain are written to again only after a warning', async () => {
  const again = answer('post', `${PATH}/resend-uncertain`, aRun())
  const { user } = open(aRun({ status: 'finished', left_count: 0, failed_count: 0 }))
  await user.click(await screen.findByRole('button', { name: 'Всё равно отправить' }))
  const question = await screen.findByRole('alertdialog')
  expect(question).toHaveTextContent(/второй раз/)
  await user.click(within(question).getByRole('button', { name: 'Всё равно отправить' }))
  await waitFor(() => expect(again).toHaveLength(1))
})

test('people are shown by what became of their message, with Telegram’s words for a refusal', async () => {
  const asked = answer('get', `${PATH}/recipients`, { items: [PERSON], next_cursor: null })
  const { user, location } = open(aRun())
  await user.click((await screen.findAllByRole('button', { name: 'Показать их' }))[1]!)
  await waitFor(() => expect(asked.at(-1)).toMatchObject({ state: 'failed' }))
  expect(location().search).toBe('?state=failed')
  const row = await screen.findByRole('row', { name: /Борис/ })
  expect(row).toHaveTextContent('Bad Request: wrong file identifier')
})

test('one person is written to again; whoever may have got it is asked about first', async () => {
  const rows = [
    PERSON,
    { ...PERSON, user_id: aBot().id, name: 'Анна', state: 'uncertain', reason: 'no_answer' },
  ]
  answer('get', `${PATH}/recipients`, { items: rows, next_cursor: null })
  const refused = answer('post', `${PATH}/recipients/${PERSON.user_id}/resend`, aRun())
  const uncertain = answer('post', `${PATH}/recipients/${aBot().id}/resend`, aRun())
  const { user } = open(aRun())
  await user.click(await screen.findByRole('button', { name: 'Отправить ещё раз: Борис' }))
  await waitFor(() => expect(refused).toHaveLength(1))
  await user.click(screen.getByRole('button', { name: 'Отправить ещё раз: Анна' }))
  const question = await screen.findByRole('alertdialog', { name: 'Отправить ещё раз: Анна?' })
  expect(question).toHaveTextContent(/второй раз/)
  expect(uncertain).toHaveLength(0)
  await user.click(within(question).getByRole('button', { name: 'Всё равно отправить' }))
  await waitFor(() => expect(uncertain).toHaveLength(1))
})

test('nobody is written to again while it waits for its hours', async () => {
  open(aRun({ status: 'scheduled', scheduled_at: AT }))
  expect(await screen.findByRole('row', { name: /Борис/ })).toBeVisible()
  expect(screen.queryByRole('button', { name: /^Отправить ещё раз:/ })).toBeNull()
})

test('the list says that a broadcast repeats, or goes by itself and when', async () => {
  const rows = [
    aBroadcast({ repeats: 'weekly' }),
    aBroadcast({ id: aBot().id, title: 'Привет', trigger: 'welcome', delay_minutes: 180 }),
  ]
  answer('get', '/broadcasts', pageOf(rows))
  renderPage('~/broadcasts')
  expect(await screen.findByRole('row', { name: /Новый эфир/ })).toHaveTextContent('Каждую неделю')
  expect(screen.getByRole('row', { name: /Привет/ })).toHaveTextContent(
    'Через 3 часа после первого сообщения боту',
  )
})

test('whoever may only look sees everything and can change nothing', async () => {
  signIn('support')
  open(aRun({ status: 'paused', paused_because: 'asked' }))
  expect(await screen.findByText(/420 из 1\s200/)).toBeVisible()
  expect(screen.getByText('Эфир сегодня')).toBeVisible()
  for (const name of ['Продолжить', 'Остановить', 'Отправить ещё раз', 'Сделать копию'])
    expect(screen.queryByRole('button', { name })).toBeNull()
})
