import { screen, waitFor, within } from '@testing-library/react'
import { beforeEach, expect, test, vi } from 'vitest'
import type { ErasureRowOut } from '@/api'
import { AT, ME, aUser, id } from '@/test/cast'
import { renderPage } from '@/test/render-page'
import { answer, pageOf, signIn } from '@/test/server'
import { aSubscriber, answerSubscriber } from '@/test/subscribers'

beforeEach(() => {
  signIn()
  answerSubscriber()
})

function anErasure(changes: Partial<ErasureRowOut> = {}): ErasureRowOut {
  return {
    id: id(66), user_id: aUser().id, asked_by: 'admin', asked_by_id: ME.id, asked_at: AT, due_at: AT, waits_for: null,
    erased_at: null, person: aUser(), asked_by_name: 'Олег', ...changes,
  } // prettier-ignore
}

async function findCard() {
  return within(await screen.findByRole('region', { name: 'Персональные данные' }))
}

test('data is deleted once the name is typed, and what ends is named', async () => {
  const sent = answer('post', `/users/${aUser().id}/erasure`, {})
  const { user } = renderPage(`~/subscribers/${aUser().id}`)
  await user.click((await findCard()).getByRole('button', { name: 'Забыть подписчика' }))
  const dialog = await screen.findByRole('alertdialog')
  expect(within(dialog).getByText(/закон велит хранить/)).toBeVisible()
  expect(within(dialog).getByText('Доступ закончится сразу, деньги сами не вернутся:')).toBeVisible()
  expect(within(dialog).getByText('Месяц')).toBeVisible()
  const submit = within(dialog).getByRole('button', { name: 'Удалить данные' })
  expect(submit).toBeDisabled()
  await user.type(within(dialog).getByRole('textbox'), 'Борис')
  await user.click(submit)
  await waitFor(() => expect(screen.queryByRole('alertdialog')).not.toBeInTheDocument())
  expect(sent).toEqual([{ ends_access: true }])
})

test('a copy of the data is saved as a file', async () => {
  const made = vi.fn(() => 'blob:copy')
  vi.stubGlobal('URL', Object.assign(URL, { createObjectURL: made, revokeObjectURL: vi.fn() }))
  answer('post', `/users/${aUser().id}/data`, { told_at: AT, tables: { users: [{ first_name: 'Борис' }] } })
  const { user } = renderPage(`~/subscribers/${aUser().id}`)
  await user.click((await findCard()).getByRole('button', { name: 'Копия данных' }))
  await waitFor(() => expect(made).toHaveBeenCalledOnce())
  expect(await screen.findByText('Данные скачаны')).toBeVisible()
})

test('of who was forgotten nothing is offered to be changed', async () => {
  const gone = { first_name: '', username: null, telegram_id: -5, erasure_asked_at: AT, erased_at: AT }
  const [kept] = aSubscriber().subscriptions
  const ended = kept ? [{ ...kept, status: 'expired' as const }] : []
  const blocked = { reach: 'blocked' as const, blocked_bot_at: null }
  answer('get', `/users/${aUser().id}`, aSubscriber({ ...gone, ...blocked, subscriptions: ended }))
  answer(
    'get',
    '/erasures',
    pageOf([anErasure({ person: null, erased_at: AT, asked_by: 'user', asked_by_name: '' })]),
  )
  renderPage(`~/subscribers/${aUser().id}`)
  expect(await screen.findByText('Данные удалены')).toBeVisible()
  const card = await findCard()
  expect(await card.findByText('Сам подписчик')).toBeVisible()
  expect(card.queryByRole('button')).not.toBeInTheDocument()
  expect(screen.getByRole('heading', { level: 1, name: 'Удалённый подписчик' })).toBeVisible()
  expect(screen.getByText(/^Данные этого подписчика удалены \d/)).toBeVisible()
  const subscriptions = within(screen.getByRole('region', { name: 'Подписки' }))
  expect(subscriptions.getByText('Месяц')).toBeVisible()
  expect(subscriptions.queryByRole('button', { name: 'Продлить' })).not.toBeInTheDocument()
  expect(screen.queryByText('Последний визит')).not.toBeInTheDocument()
  expect(screen.queryByRole('region', { name: 'Теги' })).not.toBeInTheDocument()
  expect(screen.queryByRole('region', { name: 'Заметка' })).not.toBeInTheDocument()
  expect(screen.queryByText('Заблокировал бота')).not.toBeInTheDocument()
  expect(screen.queryByText('-5')).not.toBeInTheDocument()
  expect(screen.queryByRole('button', { name: 'Выдать доступ' })).not.toBeInTheDocument()
})

test('of who is being forgotten nothing can be changed, and access can still be ended', async () => {
  const asked = { erasure_asked_at: AT, reach: 'blocked' as const, note: 'Просил скидку' }
  answer('get', `/users/${aUser().id}`, aSubscriber(asked))
  answer('get', '/erasures', pageOf([anErasure({ waits_for: 'access' })]))
  renderPage(`~/subscribers/${aUser().id}`)
  expect(await screen.findByText(/^Данные этого подписчика удаляются, запрос получен \d/)).toBeVisible()
  expect(screen.getByRole('heading', { level: 1, name: 'Борис' })).toBeVisible()
  expect(screen.queryByText('Заблокировал бота')).not.toBeInTheDocument()
  const subscriptions = within(screen.getByRole('region', { name: 'Подписки' }))
  expect(subscriptions.getAllByRole('button').map(({ textContent }) => textContent)).toEqual([
    'Отозвать',
    'Оплаченные периоды',
  ])
  const tags = within(screen.getByRole('region', { name: 'Теги' }))
  expect(tags.getByText('vip')).toBeVisible()
  expect(tags.queryByRole('button')).not.toBeInTheDocument()
  expect(screen.getByRole('textbox', { name: 'Заметка' })).toHaveAttribute('readonly')
  expect(screen.queryByRole('button', { name: 'Выдать доступ' })).not.toBeInTheDocument()
})

test('who asked to be forgotten is listed until it is done, and then nobody is named', async () => {
  const asked = answer(
    'get',
    '/erasures',
    pageOf([
      anErasure({ waits_for: 'refund' }),
      anErasure({
        id: id(67),
        user_id: id(68),
        person: null,
        erased_at: AT,
        asked_by: 'user',
        asked_by_name: '',
      }),
    ]),
  )
  const { user, location } = renderPage('~/subscribers/erasures?state=open')
  expect(await screen.findByText('ждёт возврат денег')).toBeVisible()
  expect(screen.getByText('Олег')).toBeVisible()
  expect(screen.getByRole('link', { name: 'Борис' })).toHaveAttribute(
    'href',
    expect.stringContaining(aUser().id),
  )
  expect(screen.getByRole('link', { name: 'Удалённый подписчик' })).toBeVisible()
  expect(asked[0]).toMatchObject({ is_open: 'true', page: '1' })
  await user.selectOptions(screen.getByRole('combobox', { name: 'Кто попросил' }), 'Сам подписчик')
  await waitFor(() => expect(asked.at(-1)).toMatchObject({ is_open: 'true', asked_by: 'user' }))
  expect(location().search).toContain('asked=user')
})
