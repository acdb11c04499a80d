import { screen, waitFor } from '@testing-library/react'
import { beforeEach, expect, test } from 'vitest'
import { aBot } from '@/test/cast'
import { renderPage } from '@/test/render-page'
import { answer, pageOf, refuse, signIn } from '@/test/server'

const PACE = { calls_per_second: 29, calls_per_end: 4, ends_per_minute: 435, waiting: 0, minutes_left: 0 }

beforeEach(() => {
  signIn()
  answer('get', `/bots/${aBot().id}/pace`, PACE)
})

test('how fast the bot takes people out is said, and how long those who wait take', async () => {
  answer('get', '/bots', pageOf([aBot()]))
  answer('get', `/bots/${aBot().id}/pace`, { ...PACE, waiting: 9_000, minutes_left: 21 })
  renderPage('~/settings/bot')
  expect(await screen.findByText('до 435 человек в минуту')).toBeVisible()
  expect(screen.getByText(/ждут 9\s?000, осталось около 21 мин/)).toBeVisible()
})

test("BotFather's whole message connects a bot", async () => {
  answer('get', '/bots', pageOf([]))
  const sent = answer('post', '/bots', aBot(), 201)
  const { user } = renderPage('~/settings/bot')
  await user.click(await screen.findByRole('button', { name: 'Подключить бота' }))
  await user.type(
    await screen.findByLabelText('Токен или сообщение BotFather'),
    'Done! Use this token: 12345:AA',
  )
  answer('get', '/bots', pageOf([aBot()]))
  await user.click(screen.getByRole('button', { name: 'Подключить' }))
  expect(await screen.findByText('@alpha_bot')).toBeVisible()
  expect(sent).toEqual([{ token: 'Done! Use this token: 12345:AA' }])
  expect(screen.queryByRole('dialog')).not.toBeInTheDocument()
})

test('a text without a token, and a bot that is connected elsewhere, are told apart', async () => {
  answer('get', '/bots', pageOf([]))
  refuse('post', '/bots', 422, { code: 'bot_token_invalid', fields: { token: 'no_token_found' } })
  const { user } = renderPage('~/settings/bot')
  await user.click(await screen.findByRole('button', { name: 'Подключить бота' }))
  const field = await screen.findByLabelText('Токен или сообщение BotFather')
  await user.type(field, 'hello')
  await user.click(screen.getByRole('button', { name: 'Подключить' }))
  await waitFor(() => expect(field).toHaveAccessibleDescription(/Здесь нет токена/))
  refuse('post', '/bots', 409, { code: 'bot_already_connected' })
  await user.click(screen.getByRole('button', { name: 'Подключить' }))
  expect(await screen.findByText(/Этот бот уже подключён/)).toBeVisible()
})

test.each([
  ['webhook_stolen', 'Сообщения бота уходят в другую программу'],
  ['updates_missing', 'Telegram присылает не всё'],
  ['something_new', 'С ботом что-то не так'],
])('what is wrong with a bot is said in words: %s', async (health_code, words) => {
  answer('get', '/bots', pageOf([aBot({ health_code })]))
  renderPage('~/settings/bot')
  expect(await screen.findByText(words)).toBeVisible()
  expect(screen.getByText('Не работает')).toBeVisible()
})

test('a revoked token leads to the form for a new one', async () => {
  answer('get', '/bots', pageOf([aBot({ status: 'token_revoked', health_code: 'token_revoked' })]))
  const sent = answer('put', `/bots/${aBot().id}/token`, aBot())
  const { user } = renderPage('~/settings/bot')
  await user.click(await screen.findByRole('button', { name: 'Заменить токен' }))
  await user.type(await screen.findByLabelText('Новый токен'), '12345:BB')
  await user.click(screen.getByRole('button', { name: 'Заменить' }))
  await waitFor(() => expect(sent).toEqual([{ token: '12345:BB' }]))
})

test('a bot is deleted only after its name was typed', async () => {
  answer('get', '/bots', pageOf([aBot()]))
  const sent = answer('delete', `/bots/${aBot().id}`, null, 204)
  const { user } = renderPage('~/settings/bot')
  await user.click(await screen.findByRole('button', { name: 'Действия с ботом @alpha_bot' }))
  await user.click(await screen.findByRole('menuitem', { name: 'Удалить бота' }))
  const confirm = await screen.findByRole('button', { name: 'Удалить' })
  expect(confirm).toBeDisabled()
  await user.type(screen.getByRole('textbox'), 'alpha_bot')
  await user.click(confirm)
  await waitFor(() => expect(sent).toHaveLength(1))
})

test.each([
  ['active', /Автопродления отключатся, в том числе за звёзды/],
  ['token_revoked', /Автопродления за звёзды мы отключить не сможем.*Сначала замените токен/],
] as const)('before a bot is deleted it is said what becomes of auto-renewals: %s', async (status, words) => {
  answer('get', '/bots', pageOf([aBot({ status })]))
  const { user } = renderPage('~/settings/bot')
  await user.click(await screen.findByRole('button', { name: 'Действия с ботом @alpha_bot' }))
  await user.click(await screen.findByRole('menuitem', { name: 'Удалить бота' }))
  expect(await screen.findByText(words)).toBeVisible()
})

test('support looks at the bot without a menu of things to do', async () => {
  signIn('support')
  answer('get', '/bots', pageOf([aBot()]))
  renderPage('~/settings/bot')
  await screen.findByText('@alpha_bot')
  expect(screen.queryByRole('button', { name: /Действия с ботом/ })).not.toBeInTheDocument()
})
