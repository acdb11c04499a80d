import { screen, waitFor, within } from '@testing-library/react'
import { beforeEach, expect, test, vi } from 'vitest'
import { AT, aUser } from '@/test/cast'
import { renderPage } from '@/test/render-page'
import { answer, signIn } from '@/test/server'
import { aSubscriber, answerSubscriber } from '@/test/subscribers'

beforeEach(() => {
  signIn()
  answerSubscriber()
})

async function openMenu() {
  const { user } = renderPage(`~/subscribers/${aUser().id}`)
  await user.click(await screen.findByRole('button', { name: /^Другие действия/ }))
  return user
}

test('data is deleted once the name is typed, and what ends is named', async () => {
  const sent = answer('post', `/users/${aUser().id}/erasure`, {})
  const user = await openMenu()
  await user.click(await screen.findByRole('menuitem', { name: 'Удалить персональные данные' }))
  const dialog = await screen.findByRole('alertdialog')
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
  const user = await openMenu()
  await user.click(await screen.findByRole('menuitem', { name: 'Скачать данные' }))
  await waitFor(() => expect(made).toHaveBeenCalledOnce())
  expect(await screen.findByText('Данные скачаны')).toBeVisible()
})

test('of who was forgotten nothing is offered to be changed', async () => {
  const gone = { first_name: '', username: null, telegram_id: -5, erasure_asked_at: AT, erased_at: AT }
  answer('get', `/users/${aUser().id}`, aSubscriber({ ...gone, subscriptions: [] }))
  renderPage(`~/subscribers/${aUser().id}`)
  expect(await screen.findByText('Данные удалены')).toBeVisible()
  expect(screen.getByRole('heading', { level: 1, name: '—' })).toBeVisible()
  expect(screen.queryByText('-5')).not.toBeInTheDocument()
  expect(screen.queryByRole('button', { name: 'Дать доступ' })).not.toBeInTheDocument()
})
