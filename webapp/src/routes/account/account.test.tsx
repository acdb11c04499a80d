import { screen, waitFor, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { renderPage } from '@/test/render-page'
import { answer, refuse, signIn } from '@/test/server'

const SESSION = { user_agent: 'Mozilla/5.0 (Windows NT 10.0) Chrome/156.0', address: '203.0.113.5' }
const AT = '2026-11-20T09:00:00Z'
const CODES = Array.from({ length: 10 }, (_, index) => `code-${index}`)

test('a second factor is turned on after a fresh proof, and its recovery codes are shown once', async () => {
  signIn()
  answer('get', '*/api/v1/auth/second-factor', { is_on: false, recovery_codes_left: 0 })
  answer('get', '*/api/v1/auth/sessions', [])
  refuse('post', '*/api/v1/auth/second-factor', 400, { code: 'reauth_required' })
  const { user } = renderPage('/account/security')
  await user.click(await screen.findByRole('button', { name: 'Включить' }))
  answer('post', '*/api/v1/auth/prove', null, 204)
  answer('post', '*/api/v1/auth/second-factor', {
    secret: 'ABCDEFGH',
    uri: 'otpauth://totp/x?secret=ABCDEFGH',
  })
  await user.type(await screen.findByLabelText('Пароль'), 'a long password')
  await user.click(screen.getByRole('button', { name: 'Подтвердить' }))
  expect(await screen.findByText('ABCD EFGH')).toBeVisible()
  // A phone cannot scan its own screen.
  expect(screen.getByRole('link', { name: 'Открыть в приложении' })).toHaveAttribute(
    'href',
    'otpauth://totp/x?secret=ABCDEFGH',
  )
  const sent = answer('post', '*/api/v1/auth/second-factor/confirm', { recovery_codes: CODES })
  const dialog = within(screen.getByRole('dialog'))
  await user.type(dialog.getByLabelText('Код из приложения'), '123456')
  await user.click(dialog.getByRole('button', { name: 'Включить' }))
  expect(await screen.findByText('code-9')).toBeVisible()
  expect(sent).toEqual([{ code: '123456' }])
  await user.keyboard('{Escape}')
  expect(screen.getByText('code-9')).toBeVisible()
  await user.click(screen.getByRole('button', { name: 'Коды сохранены' }))
  await waitFor(() => expect(screen.queryByText('code-9')).not.toBeInTheDocument())
})

test('whoever cannot prove it because the password is forgotten comes to a new one', async () => {
  signIn()
  answer('get', '*/api/v1/auth/second-factor', { is_on: false, recovery_codes_left: 0 })
  answer('get', '*/api/v1/auth/sessions', [])
  refuse('post', '*/api/v1/auth/second-factor', 400, { code: 'reauth_required' })
  const { user } = renderPage('/account/security')
  await user.click(await screen.findByRole('button', { name: 'Включить' }))
  await user.click(await screen.findByRole('link', { name: 'Забыли пароль?' }))
  expect(await screen.findByRole('heading', { level: 1, name: 'Новый пароль' })).toBeVisible()
  expect(screen.queryByRole('dialog')).not.toBeInTheDocument()
})

test('another session can be ended, this one not', async () => {
  signIn()
  answer('get', '*/api/v1/auth/second-factor', { is_on: true, recovery_codes_left: 10 })
  answer('get', '*/api/v1/auth/sessions', [
    { ...SESSION, id: 'one', is_current: true, created_at: AT, last_seen_at: AT },
    { ...SESSION, id: 'two', is_current: false, created_at: AT, last_seen_at: AT },
  ])
  const ended = answer('delete', '*/api/v1/auth/sessions/two', null, 204)
  const { user } = renderPage('/account/security')
  await user.click(await screen.findByRole('button', { name: 'Завершить' }))
  await waitFor(() => expect(ended).toHaveLength(1))
  expect(screen.getAllByText('Chrome, Windows')).toHaveLength(2)
})
