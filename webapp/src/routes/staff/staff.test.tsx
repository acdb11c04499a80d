import { screen, waitFor } from '@testing-library/react'
import { expect, test } from 'vitest'
import { AT, CONSOLE, TENANT } from '@/test/cast'
import { renderPage } from '@/test/render-page'
import { answer, refuse, signIn, signInAs } from '@/test/server'

test('for everybody but staff there is no console', async () => {
  signIn()
  renderPage('/staff')
  expect(await screen.findByText('Страница не найдена')).toBeVisible()
})

test('staff without a second factor is told why, and led to it', async () => {
  signInAs({ is_staff: true })
  answer('get', '*/api/v1/auth/second-factor', { is_on: false, recovery_codes_left: 0 })
  renderPage('/staff')
  expect(await screen.findByRole('link', { name: 'Включить второй фактор' })).toHaveAttribute(
    'href',
    '/account/security',
  )
})

test('a tenant is found by its health and suspended with a reason that was typed', async () => {
  signInAs({ is_staff: true, has_second_factor: true })
  const asked = answer('get', '*/api/v1/staff/tenants', { items: [CONSOLE.tenant], next_cursor: null })
  answer('get', `*/api/v1/staff/tenants/${TENANT.id}`, CONSOLE)
  const { user } = renderPage('/staff/tenants?search=alp')
  expect(await screen.findByText('2 оплаты без доступа')).toBeVisible()
  expect(asked[0]).toMatchObject({ search: 'alp' })
  await user.click(screen.getByRole('link', { name: 'Alpha' }))
  await user.click(await screen.findByRole('button', { name: 'Приостановить' }))
  await user.type(screen.getByLabelText('Причина'), 'коротко')
  const submit = screen.getByRole('button', { name: 'Приостановить' })
  await user.click(submit)
  await waitFor(() => expect(screen.getByLabelText('Причина')).toBeInvalid())
  const sent = answer('post', `*/api/v1/staff/tenants/${TENANT.id}/suspend`, CONSOLE)
  await user.type(screen.getByLabelText('Причина'), ', но с подробностями')
  await user.click(submit)
  await waitFor(() => expect(sent).toEqual([{ reason: 'коротко, но с подробностями' }]))
})

test('staff looks at a tenant for a while with a reason, under a banner that ends it', async () => {
  signInAs({ is_staff: true, has_second_factor: true })
  answer('get', `*/api/v1/staff/tenants/${TENANT.id}`, CONSOLE)
  answer('get', '/users', { items: [], total: 0, page: 1, size: 25 })
  answer('get', '/plans', { items: [], total: 0, page: 1, size: 25 })
  const { user, location } = renderPage(`/staff/tenants/${TENANT.id}`)
  await user.click(await screen.findByRole('button', { name: 'Посмотреть как владелец' }))
  await user.type(screen.getByLabelText('Причина'), 'Обращение номер 42')
  const started = answer('post', `*/api/v1/staff/tenants/${TENANT.id}/impersonate`, {}, 201)
  signInAs({
    is_staff: true, has_second_factor: true,
    impersonation: { impersonation_id: 'view', tenant_id: TENANT.id, ends_at: AT },
  }) // prettier-ignore
  await user.click(screen.getByRole('button', { name: 'Посмотреть как владелец' }))
  expect(await screen.findByText('Вы смотрите чужой проект')).toBeVisible()
  expect(started).toEqual([{ reason: 'Обращение номер 42', minutes: 30 }])
  const ended = answer('delete', '*/api/v1/staff/impersonation', null, 204)
  await user.click(screen.getByRole('button', { name: 'Закончить просмотр' }))
  await waitFor(() => expect(ended).toHaveLength(1))
  await waitFor(() => expect(location().pathname).toBe(`/staff/tenants/${TENANT.id}`))
})

test('limits that a colleague changed meanwhile come in beside what was typed', async () => {
  signInAs({ is_staff: true, has_second_factor: true })
  const path = `*/api/v1/staff/tenants/${TENANT.id}`
  answer('get', path, CONSOLE)
  refuse('put', `${path}/limits`, 409, { code: 'changed_meanwhile' })
  const { user } = renderPage(`/staff/tenants/${TENANT.id}`)
  await user.click(await screen.findByRole('button', { name: 'Изменить потолки' }))
  await user.type(screen.getByLabelText(/Подписчики/), '500')
  answer('get', path, { ...CONSOLE, use: { ...CONSOLE.use, max_bots: 9, version: 'second' } })
  await user.click(screen.getByRole('button', { name: 'Сохранить' }))
  await user.click(await screen.findByRole('button', { name: 'Загрузить новое, оставив мои правки' }))
  await waitFor(() => expect(screen.getByLabelText('Боты')).toHaveValue(9))
  const sent = answer('put', `${path}/limits`, CONSOLE)
  await user.click(screen.getByRole('button', { name: 'Сохранить' }))
  await waitFor(() =>
    expect(sent).toEqual([{ max_bots: 9, max_channels: 20, max_subscribers: 500, version: 'second' }]),
  )
})
