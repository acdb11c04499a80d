import { screen, waitFor } from '@testing-library/react'
import { expect, test } from 'vitest'
import { ADMIN, aBot, aChannel, aPlan } from '@/test/cast'
import { renderPage } from '@/test/render-page'
import { answer, pageOf, refuse, signIn } from '@/test/server'

test('whoever is not logged in is sent to log in, and comes back to the same page', async () => {
  refuse('get', '*/api/v1/auth/me', 401, { code: 'not_signed_in' })
  const { user, location } = renderPage('~/plans?search=x')
  await user.type(await screen.findByLabelText('Эл. почта'), 'alice@alpha.test')
  await user.type(screen.getByLabelText('Пароль'), 'a long password')
  signIn()
  answer('get', '/plans', pageOf([aPlan()]))
  answer('post', '*/api/v1/auth/log-in', { status: 'signed_in', admin: ADMIN })
  await user.click(screen.getByRole('button', { name: 'Войти' }))
  expect(await screen.findByRole('link', { name: 'Месяц' })).toBeVisible()
  expect(location().search).toBe('?search=x')
})

test('a wrong password is said, and nobody is sent away', async () => {
  refuse('post', '*/api/v1/auth/log-in', 401, { code: 'wrong_credentials' })
  const { user, location } = renderPage('/log-in')
  await user.type(await screen.findByLabelText('Эл. почта'), 'alice@alpha.test')
  await user.type(screen.getByLabelText('Пароль'), 'wrong')
  await user.click(screen.getByRole('button', { name: 'Войти' }))
  expect(await screen.findByRole('alert')).toHaveTextContent('Неверная почта или пароль')
  expect(location().pathname).toBe('/log-in')
})

test('a link cannot send people to another site after the log-in', async () => {
  signIn()
  answer('get', '/users', pageOf([]))
  answer('get', '/plans', pageOf([]))
  answer('post', '*/api/v1/auth/log-in', { status: 'signed_in', admin: ADMIN })
  const { user, location } = renderPage('/log-in?return=//evil.example/')
  await user.type(await screen.findByLabelText('Эл. почта'), 'alice@alpha.test')
  await user.type(screen.getByLabelText('Пароль'), 'a long password')
  await user.click(screen.getByRole('button', { name: 'Войти' }))
  await waitFor(() => expect(location().pathname).toMatch(/^\/t\//))
})

test('signing up ends with a letter, which can be sent again, whoever the address belongs to', async () => {
  const asked = answer('post', '*/api/v1/auth/sign-up', { status: 'letter_sent' }, 202)
  const again = answer('post', '*/api/v1/auth/sign-up/resend', { status: 'letter_sent' }, 202)
  const { user } = renderPage('/sign-up')
  await user.type(await screen.findByLabelText('Имя'), 'Alice')
  await user.type(screen.getByLabelText('Эл. почта'), 'alice@alpha.test')
  await user.type(screen.getByLabelText('Пароль'), 'a long password')
  await user.click(screen.getByRole('button', { name: 'Создать аккаунт' }))
  expect(await screen.findByRole('heading', { name: 'Проверьте почту' })).toBeVisible()
  expect(asked).toEqual([expect.objectContaining({ email: 'alice@alpha.test', locale: 'ru' })])
  await user.click(screen.getByRole('button', { name: 'Отправить ещё раз' }))
  await waitFor(() => expect(again).toEqual([{ email: 'alice@alpha.test' }]))
})

test('a weak password is said at its field', async () => {
  refuse('post', '*/api/v1/auth/sign-up', 422, {
    code: 'password_too_weak',
    fields: { password: 'too_weak' },
  })
  const { user } = renderPage('/sign-up')
  await user.type(await screen.findByLabelText('Имя'), 'Alice')
  await user.type(screen.getByLabelText('Эл. почта'), 'alice@alpha.test')
  await user.type(screen.getByLabelText('Пароль'), 'qwertyuiop')
  await user.click(screen.getByRole('button', { name: 'Создать аккаунт' }))
  await waitFor(() => expect(screen.getByLabelText('Пароль')).toHaveAccessibleDescription(/трудно угадать/))
})

test("a letter's link and the password make the account", async () => {
  signIn()
  answer('get', '/users', pageOf([]))
  answer('get', '/plans', pageOf([]))
  const sent = answer('post', '*/api/v1/auth/verify-email', { status: 'signed_in', admin: ADMIN })
  const { user, location } = renderPage('/verify-email#token=abc-DEF')
  await user.type(await screen.findByLabelText('Пароль'), 'a long password')
  await user.click(screen.getByRole('button', { name: 'Подтвердить и войти' }))
  await waitFor(() => expect(location().pathname).toMatch(/^\/t\//))
  expect(sent).toEqual([{ token: 'abc-DEF', password: 'a long password' }])
})

test('where a second factor is on, its code is asked for', async () => {
  signIn()
  answer('get', '/users', pageOf([]))
  answer('get', '/plans', pageOf([]))
  answer('post', '*/api/v1/auth/log-in', { status: 'second_factor_needed', admin: null })
  refuse('post', '*/api/v1/auth/log-in/second-factor', 422, {
    code: 'code_invalid',
    fields: { code: 'invalid' },
  })
  const { user, location } = renderPage('/log-in')
  await user.type(await screen.findByLabelText('Эл. почта'), 'alice@alpha.test')
  await user.type(screen.getByLabelText('Пароль'), 'a long password')
  await user.click(screen.getByRole('button', { name: 'Войти' }))
  await user.type(await screen.findByLabelText('Код подтверждения'), '000000')
  await user.click(screen.getByRole('button', { name: 'Войти' }))
  await waitFor(() =>
    expect(screen.getByLabelText('Код подтверждения')).toHaveAccessibleDescription(/Проверьте это поле/),
  )
  answer('post', '*/api/v1/auth/log-in/second-factor', { status: 'signed_in', admin: ADMIN })
  await user.click(screen.getByRole('button', { name: 'Войти' }))
  await waitFor(() => expect(location().pathname).toMatch(/^\/t\//))
})

test('a session that ends while a form is filled in keeps what was typed', async () => {
  signIn()
  answer('get', '/bots', pageOf([aBot()]))
  answer('get', '/channels', pageOf([aChannel()]))
  answer('get', '/plans', pageOf([]))
  refuse('post', '/plans', 401, { code: 'not_signed_in' })
  const { user } = renderPage('~/plans/new')
  await user.type(await screen.findByLabelText('Название'), 'Полгода')
  await user.type(screen.getByLabelText('Цена'), '4990')
  await user.click(screen.getByRole('checkbox', { name: /Закрытый клуб/ }))
  await user.click(screen.getByRole('button', { name: 'Создать тариф' }))
  answer('post', '*/api/v1/auth/log-in', { status: 'signed_in', admin: ADMIN })
  await user.type(await screen.findByLabelText('Эл. почта'), 'alice@alpha.test')
  await user.type(screen.getByLabelText('Пароль'), 'a long password')
  await user.click(screen.getByRole('button', { name: 'Войти' }))
  expect(await screen.findByLabelText('Название')).toHaveValue('Полгода')
  expect(screen.getByLabelText('Цена')).toHaveValue('4990')
})
