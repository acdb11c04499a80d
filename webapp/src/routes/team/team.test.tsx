import { screen, waitFor, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import type { InvitationOut, MemberOut } from '@/api'
import { ME } from '@/test/cast'
import { renderPage } from '@/test/render-page'
import { answer, pageOf, refuse, signIn } from '@/test/server'

const ALICE: MemberOut = { admin_id: ME.id, email: ME.email, name: ME.name, role: 'owner', version: 'owner' }
const BOB: MemberOut = {
  admin_id: 'bob',
  email: 'bob@alpha.test',
  name: 'Bob',
  role: 'support',
  version: 'first',
}
const AT = '2026-11-20T09:00:00Z'
const INVITED: InvitationOut = {
  id: 'invited', email: 'carol@alpha.test', role: 'manager', created_at: AT, expires_at: AT, sent_at: null,
} // prettier-ignore

test('somebody is invited with a role, and the one who works here already is said at the field', async () => {
  signIn()
  answer('get', '/members', pageOf([ALICE]))
  answer('get', '/invitations', pageOf([]))
  refuse('post', '/invitations', 409, { code: 'member_already', fields: { email: 'member' } })
  const { user } = renderPage('~/settings/team')
  await user.click(await screen.findByRole('button', { name: 'Пригласить' }))
  const dialog = within(screen.getByRole('dialog'))
  await user.type(await dialog.findByLabelText('Эл. почта'), 'carol@alpha.test')
  await user.selectOptions(dialog.getByLabelText('Роль'), 'manager')
  await user.click(dialog.getByRole('button', { name: 'Отправить приглашение' }))
  await waitFor(() =>
    expect(dialog.getByLabelText('Эл. почта')).toHaveAccessibleDescription('Этот человек уже в команде'),
  )
  const sent = answer('post', '/invitations', INVITED, 201)
  answer('get', '/invitations', pageOf([INVITED]))
  await user.click(dialog.getByRole('button', { name: 'Отправить приглашение' }))
  expect(await screen.findByText('carol@alpha.test')).toBeVisible()
  expect(sent).toEqual([{ email: 'carol@alpha.test', role: 'manager', locale: 'ru' }])
})

test('an owner changes and removes others; everybody may leave', async () => {
  signIn()
  answer('get', '/members', pageOf([ALICE, BOB]))
  answer('get', '/invitations', pageOf([]))
  const changed = answer('put', '/members/bob', { ...BOB, role: 'analyst' })
  const { user } = renderPage('~/settings/team')
  await user.click(await screen.findByRole('button', { name: 'Действия: Bob' }))
  await user.click(await screen.findByRole('menuitem', { name: 'Сменить роль' }))
  await user.selectOptions(await screen.findByLabelText('Роль'), 'analyst')
  await user.click(screen.getByRole('button', { name: 'Сохранить' }))
  await waitFor(() => expect(changed).toEqual([{ role: 'analyst', version: 'first' }]))
  await user.click(await screen.findByRole('button', { name: 'Действия: Alice' }))
  expect(await screen.findByRole('menuitem', { name: 'Покинуть проект' })).toBeVisible()
  expect(screen.queryByRole('menuitem', { name: 'Исключить из команды' })).not.toBeInTheDocument()
})

test('the matrix says in words what each role may do', async () => {
  signIn('support')
  answer('get', '*/api/v1/permissions', [
    { operation: 'bots-rotate_token', roles: ['owner'], needs_proof: true },
    { operation: 'things-invent', roles: ['owner', 'manager'], needs_proof: false },
  ])
  renderPage('~/settings/team/roles')
  const row = await screen.findByRole('row', { name: /Заменять токен/ })
  expect(within(row).getAllByText('нельзя')).toHaveLength(3)
  expect(screen.getByRole('row', { name: /things-invent/ })).toBeVisible()
})

test('a role that another owner changed meanwhile is changed only knowingly', async () => {
  signIn()
  answer('get', '/members', pageOf([ALICE, BOB]))
  answer('get', '/invitations', pageOf([]))
  refuse('put', '/members/bob', 409, { code: 'changed_meanwhile' })
  const { user } = renderPage('~/settings/team')
  await user.click(await screen.findByRole('button', { name: 'Действия: Bob' }))
  await user.click(await screen.findByRole('menuitem', { name: 'Сменить роль' }))
  await user.selectOptions(await screen.findByLabelText('Роль'), 'analyst')
  answer('get', '/members', pageOf([ALICE, { ...BOB, role: 'manager', version: 'second' }]))
  await user.click(screen.getByRole('button', { name: 'Сохранить' }))
  await user.click(await screen.findByRole('button', { name: 'Загрузить новое, оставив мои правки' }))
  await waitFor(() => expect(screen.queryByRole('alert')).not.toBeInTheDocument())
  expect(screen.getByLabelText('Роль')).toHaveValue('analyst')
  const changed = answer('put', '/members/bob', { ...BOB, role: 'analyst' })
  await user.click(screen.getByRole('button', { name: 'Сохранить' }))
  await waitFor(() => expect(changed).toEqual([{ role: 'analyst', version: 'second' }]))
})
