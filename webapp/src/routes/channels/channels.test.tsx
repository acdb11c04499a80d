import { screen, waitFor } from '@testing-library/react'
import { beforeEach, expect, test } from 'vitest'
import { aBot, aChannel } from '@/test/cast'
import { renderPage } from '@/test/render-page'
import { answer, pageOf, signIn } from '@/test/server'

beforeEach(() => {
  signIn()
  answer('get', '/bots', pageOf([aBot()]))
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
  await user.type(screen.getByLabelText('Имя или ID канала'), ' https://t.me/myclub ')
  await user.click(screen.getByRole('button', { name: 'Добавить' }))
  await waitFor(() => expect(sent).toEqual([{ bot_id: aBot().id, chat: '@myclub' }]))
})
