import { screen, waitFor, within } from '@testing-library/react'
import { beforeEach, expect, test, vi } from 'vitest'
import type { UserDetailsOut } from '@/api'
import { aPlan, aUser } from '@/test/cast'
import { renderPage } from '@/test/render-page'
import { answer, pageOf, signIn } from '@/test/server'

const AT = '2026-11-20T09:00:00Z'

function details(changes: Partial<UserDetailsOut> = {}): UserDetailsOut {
  return {
    ...aUser(),
    tags: [],
    is_inside: true,
    subscriptions: [
      {
        id: '00000000-0000-7000-8000-000000000077',
        plan_id: aPlan().id,
        plan_title: 'Месяц',
        status: 'active',
        starts_at: AT,
        ends_at: '2099-01-01T00:00:00Z',
        access_ends_at: '2099-01-01T00:00:00Z',
        paused_until_at: null,
      },
    ],
    autopays: [],
    memberships: [],
    paid: [],
    changed_to: {},
    ...changes,
  }
}

beforeEach(() => {
  signIn()
  answer('get', `/users/${aUser().id}`, details())
  answer('get', '/users/tags', { tags: [] })
  answer('get', '/plans', pageOf([aPlan()]))
  answer('get', '/members', pageOf([]))
  answer('get', `/users/${aUser().id}/timeline`, { items: [], next_cursor: null })
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
  answer('get', `/users/${aUser().id}`, details({ ...gone, subscriptions: [] }))
  renderPage(`~/subscribers/${aUser().id}`)
  expect(await screen.findByText('Данные удалены')).toBeVisible()
  expect(screen.getByRole('heading', { level: 1, name: '—' })).toBeVisible()
  expect(screen.queryByText('-5')).not.toBeInTheDocument()
  expect(screen.queryByRole('button', { name: 'Дать доступ' })).not.toBeInTheDocument()
})
