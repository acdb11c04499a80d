import { screen, waitFor, within } from '@testing-library/react'
import { beforeEach, expect, test } from 'vitest'
import { aBot, aChannel, aSweep, aUser } from '@/test/cast'
import { renderPage } from '@/test/render-page'
import { answer, pageOf, refuse, signIn } from '@/test/server'

beforeEach(() => {
  signIn()
  answer('get', '/bots', pageOf([aBot()]))
  answer('get', '/membership-sweeps', { ...pageOf([]), is_total_exact: true })
})

test('missing rights are said in words, and are checked again on request', async () => {
  answer(
    'get',
    '/channels',
    pageOf([aChannel({ status: 'rights_missing', missing_rights: ['can_restrict_members'] })]),
  )
  const sent = answer('post', `/channels/${aChannel().id}/check-rights`, aChannel(), 202)
  const { user } = renderPage('~/channels')
  expect(await screen.findByText(/Дайте боту право «Блокировка участников»/)).toBeVisible()
  expect(screen.queryByText(/«Добавление участников»/)).not.toBeInTheDocument()
  await user.click(screen.getByRole('button', { name: 'Проверить снова' }))
  await waitFor(() => expect(sent).toHaveLength(1))
})

test('a lost channel is said on the plans that it closes, and is checked again from there', async () => {
  answer(
    'get',
    '/channels',
    pageOf([aChannel({ status: 'rights_missing', missing_rights: ['can_invite_users'] })]),
  )
  answer('get', '/plans', pageOf([]))
  const sent = answer('post', `/channels/${aChannel().id}/check-rights`, aChannel(), 202)
  const { user } = renderPage('~/plans')
  expect(await screen.findByText('Бот не может работать в одном канале')).toBeVisible()
  expect(screen.getByText(/Дайте боту право «Добавление участников»/)).toBeVisible()
  expect(screen.queryByText(/«Блокировка участников»/)).not.toBeInTheDocument()
  await user.click(screen.getByRole('button', { name: 'Проверить снова' }))
  await waitFor(() => expect(sent).toHaveLength(1))
})

test('without channels the page says what to do with which bot; without a bot it leads there', async () => {
  answer('get', '/channels', pageOf([]))
  renderPage('~/channels')
  expect(await screen.findByText(/Сделайте бота @alpha_bot администратором/)).toBeVisible()
})

test('an address of a public channel is taken for its name', async () => {
  answer('get', '/channels', pageOf([]))
  const sent = answer('post', '/channels', aChannel(), 201)
  const { user } = renderPage('~/channels')
  await user.click(await screen.findByRole('button', { name: 'Добавить канал' }))
  await user.type(await screen.findByLabelText('Имя или ID канала'), ' https://t.me/myclub ')
  await user.click(screen.getByRole('button', { name: 'Добавить' }))
  await waitFor(() => expect(sent).toEqual([{ bot_id: aBot().id, chat: '@myclub' }]))
})

function brake(): void {
  const { telegram_id, first_name, last_name, username, id } = aUser()
  const person = { membership_id: id, user_id: id, telegram_id, first_name, last_name, username }
  answer('get', '/channels', pageOf([aChannel()]))
  answer('get', '/membership-sweeps', { ...pageOf([aSweep()]), is_total_exact: true })
  answer('get', `/membership-sweeps/${aSweep().id}/people`, pageOf([person], 25))
}

test.each([
  ['Удалить', 'confirm'],
  ['Оставить', 'keep'],
])('a sweep that was stopped asks; %s says so about exactly these people', async (label, action) => {
  brake()
  const sent = answer('post', `/membership-sweeps/${aSweep().id}/${action}`, aSweep(), 202)
  const { user } = renderPage('~/channels')
  expect(await screen.findByText(/В канале 25 человек без подписки/)).toBeVisible()
  expect(await screen.findByText(/и ещё 24/)).toBeVisible()
  await user.click(screen.getByRole('button', { name: label }))
  expect(sent).toHaveLength(0)
  await user.click(within(await screen.findByRole('alertdialog')).getByRole('button', { name: label }))
  await waitFor(() => expect(sent).toEqual([{ people: 25 }]))
})

test.each([
  ['limit_reached', /больше каналов подключить нельзя/],
  ['channel_unsuitable', /Это обычная группа/],
])(
  'a chat that could not become a channel is named with why (%s), and is tried again',
  async (reason, why) => {
    const chat = { chat_id: -1009, title: 'Болтовня', reason }
    answer('get', '/bots', pageOf([aBot({ refused_chat: chat })]))
    answer('get', '/channels', pageOf([aChannel()]))
    const sent = answer('post', '/channels', aChannel(), 201)
    const { user } = renderPage('~/channels')
    expect(await screen.findByText('«Болтовня» не подключается к @alpha_bot')).toBeVisible()
    expect(screen.getByText(why)).toBeVisible()
    const plans = screen.queryByRole('link', { name: 'Тарифы LumenPay' })
    expect(plans !== null).toBe(reason === 'limit_reached')
    await user.click(screen.getByRole('button', { name: 'Подключить' }))
    await waitFor(() => expect(sent).toEqual([{ bot_id: aBot().id, chat: '-1009' }]))
  },
)

test('who may not connect channels sees why one is missing, without a button', async () => {
  signIn('support')
  const chat = { chat_id: -1009, title: 'Болтовня', reason: 'limit_reached' }
  answer('get', '/bots', pageOf([aBot({ refused_chat: chat })]))
  answer('get', '/channels', pageOf([]))
  renderPage('~/channels')
  expect(await screen.findByText(/больше каналов подключить нельзя/)).toBeVisible()
  expect(screen.queryByRole('button', { name: 'Подключить' })).not.toBeInTheDocument()
})

test('who may not decide sees that somebody has to', async () => {
  signIn('support')
  brake()
  renderPage('~/channels')
  expect(await screen.findByText(/В канале 25 человек без подписки/)).toBeVisible()
  expect(screen.queryByRole('button', { name: 'Удалить' })).not.toBeInTheDocument()
})

test('a channel that was set otherwise in another window keeps both changes', async () => {
  const path = `/channels/${aChannel().id}`
  answer('get', '/channels', pageOf([aChannel()]))
  answer('get', path, aChannel({ entry_mode: 'single_use_link', version: 'second' }))
  refuse('patch', path, 409, { code: 'changed_meanwhile' })
  const { user } = renderPage('~/channels')
  await user.click(await screen.findByRole('button', { name: 'Настроить канал «Закрытый клуб»' }))
  await user.click(await screen.findByRole('switch', { name: 'Удалять посторонних' }))
  await user.click(screen.getByRole('button', { name: 'Сохранить' }))
  await user.click(await screen.findByRole('button', { name: 'Загрузить новое, оставив мои правки' }))
  await waitFor(() => expect(screen.getByLabelText('Как входят')).toHaveValue('single_use_link'))
  const sent = answer('patch', path, aChannel())
  await user.click(screen.getByRole('button', { name: 'Сохранить' }))
  await waitFor(() =>
    expect(sent).toEqual([{ entry_mode: 'single_use_link', removes_strangers: false, version: 'second' }]),
  )
})
