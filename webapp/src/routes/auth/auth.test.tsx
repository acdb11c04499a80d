import { screen, waitFor } from '@testing-library/react'
import { expect, test } from 'vitest'
import { ME, aBot, aChannel, aPlan } from '@/test/cast'
import { renderPage } from '@/test/render-page'
import { answer, pageOf, refuse, signIn } from '@/test/server'

test('whoever is not logged in is sent to log in, and comes back to the same page', async () => {
  refuse('get', '*/api/v1/auth/me', 401, { code: 'not_signed_in' })
  const { user, location } = renderPage('~/plans?search=x')
  await user.type(await screen.findByLabelText('Эл. почта'), 'alice@alpha.test')
  await user.type(screen.getByLabelText('Пароль'), 'a long password')
  signIn()
  answer('get', '/plans', pageOf([aPlan()]))
  answer('post', '*/api/v1/auth/log-in', ME)
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
  answer('post', '*/api/v1/auth/log-in', ME)
  const { user, location } = renderPage('/log-in?return=//evil.example/')
  await user.type(await screen.findByLabelText('Эл. почта'), 'alice@alpha.test')
  await user.type(screen.getByLabelText('Пароль'), 'a long password')
  await user.click(screen.getByRole('button', { name: 'Войти' }))
  await waitFor(() => expect(location().pathname).toMatch(/^\/t\//))
})

test('an account with this e-mail is said at the field', async () => {
  refuse('post', '*/api/v1/auth/sign-up', 409, { code: 'email_taken', fields: { email: 'taken' } })
  const { user } = renderPage('/sign-up')
  await user.type(await screen.findByLabelText('Имя'), 'Alice')
  await user.type(screen.getByLabelText('Эл. почта'), 'alice@alpha.test')
  await user.type(screen.getByLabelText('Пароль'), 'a long password')
  await user.click(screen.getByRole('button', { name: 'Создать аккаунт' }))
  await waitFor(() => expect(screen.getByLabelText('Эл. почта')).toHaveAccessibleDescription('Уже занято'))
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
  answer('post', '*/api/v1/auth/log-in', ME)
  await user.type(await screen.findByLabelText('Эл. почта'), 'alice@alpha.test')
  await user.type(screen.getByLabelText('Пароль'), 'a long password')
  await user.click(screen.getByRole('button', { name: 'Войти' }))
  expect(await screen.findByLabelText('Название')).toHaveValue('Полгода')
  expect(screen.getByLabelText('Цена')).toHaveValue('4990')
})
