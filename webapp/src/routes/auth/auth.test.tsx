import { screen, waitFor } from '@testing-library/react'
import { expect, test } from 'vitest'
import { changeLanguage, currentLanguage } from '@/i18n'
import { ADMIN, TENANT, aBot, aChannel, aPlan } from '@/test/cast'
import { renderPage } from '@/test/render-page'
import { answer, pageOf, refuse, signIn } from '@/test/server'

const SIGNED_IN = { status: 'signed_in', admin: null }
const LOOK = '*/api/v1/auth/links/look'
const SENT = { status: 'letter_sent' }

test('whoever is not logged in is sent to log in, and comes back to the same page', async () => {
  refuse('get', '*/api/v1/auth/me', 401, { code: 'not_signed_in' })
  const { user, location } = renderPage('~/plans?search=x')
  await user.type(await screen.findByLabelText('Эл. почта'), 'alice@alpha.test')
  await user.type(screen.getByLabelText('Пароль'), 'a long password')
  signIn()
  answer('get', '/plans', pageOf([aPlan()]))
  answer('post', '*/api/v1/auth/log-in', SIGNED_IN)
  await user.click(screen.getByRole('button', { name: 'Войти' }))
  expect(await screen.findByRole('link', { name: 'Месяц' })).toBeVisible()
  expect(location().search).toBe('?search=x')
})

test('after the log-in the portal speaks the language of the account, also where this browser spoke another', async () => {
  refuse('get', '*/api/v1/auth/me', 401, { code: 'not_signed_in' })
  const { user } = renderPage('~/plans')
  await user.type(await screen.findByLabelText('Эл. почта'), 'alice@alpha.test')
  await user.type(screen.getByLabelText('Пароль'), 'a long password')
  signIn()
  answer('get', '/plans', pageOf([aPlan()]))
  answer('post', '*/api/v1/auth/log-in', { status: 'signed_in', admin: { ...ADMIN, locale: 'en' } })
  await user.click(screen.getByRole('button', { name: 'Войти' }))
  expect(await screen.findByRole('heading', { name: 'Plans' })).toBeVisible()
  expect(currentLanguage()).toBe('en')
  await changeLanguage('ru')
})

test('an account that another service makes gets the language of the page', async () => {
  const sent = answer('post', '*/api/v1/auth/providers/google/finish', SIGNED_IN)
  signIn()
  answer('get', '/users', pageOf([]))
  answer('get', '/plans', pageOf([]))
  const { location } = renderPage('/oidc/google?code=c&state=s')
  await waitFor(() => expect(location().pathname).toMatch(/^\/t\//))
  expect(sent).toEqual([{ code: 'c', state: 's', locale: 'ru' }])
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
  answer('post', '*/api/v1/auth/log-in', SIGNED_IN)
  const { user, location } = renderPage('/log-in?return=//evil.example/')
  await user.type(await screen.findByLabelText('Эл. почта'), 'alice@alpha.test')
  await user.type(screen.getByLabelText('Пароль'), 'a long password')
  await user.click(screen.getByRole('button', { name: 'Войти' }))
  await waitFor(() => expect(location().pathname).toMatch(/^\/t\//))
})

test('a sign-up ends with a letter, which can be sent again later', async () => {
  const asked = answer('post', '*/api/v1/auth/sign-up', SENT, 202)
  const { user } = renderPage('/sign-up')
  await user.type(await screen.findByLabelText('Имя'), 'Alice')
  await user.type(screen.getByLabelText('Эл. почта'), 'alice@alpha.test')
  await user.type(screen.getByLabelText('Пароль'), 'a long password')
  await user.click(screen.getByRole('button', { name: 'Создать аккаунт' }))
  expect(await screen.findByRole('heading', { name: 'Проверьте почту' })).toBeVisible()
  expect(screen.getByText('alice@alpha.test')).toBeVisible()
  expect(screen.getByRole('button', { name: /Отправить ещё раз через/ })).toBeDisabled()
  expect(asked).toEqual([
    { name: 'Alice', email: 'alice@alpha.test', password: 'a long password', locale: 'ru' },
  ])
})

test.each([
  ['password_too_short', /Слишком короткий/],
  ['password_common', /частых и утёкших/],
  ['password_like_account', /имя или почту/],
  ['password_predictable', /ряды клавиш/],
])('of a refused password it is said that it is %s', async (fault, words) => {
  refuse('post', '*/api/v1/auth/sign-up', 422, { code: 'password_too_weak', fields: { password: fault } })
  const { user } = renderPage('/sign-up')
  await user.type(await screen.findByLabelText('Имя'), 'Alice')
  await user.type(screen.getByLabelText('Эл. почта'), 'alice')
  await user.type(screen.getByLabelText('Пароль'), 'password1')
  await user.click(screen.getByRole('button', { name: 'Создать аккаунт' }))
  const password = screen.getByLabelText('Пароль')
  await waitFor(() => expect(password).toHaveAccessibleDescription(/не хватает ещё 1/))
  expect(screen.getByLabelText('Эл. почта')).toHaveAccessibleDescription(/нужны имя, @ и домен/)
  await user.type(screen.getByLabelText('Эл. почта'), '@alpha.test')
  await user.type(password, '23')
  await user.click(screen.getByRole('button', { name: 'Создать аккаунт' }))
  await waitFor(() => expect(password).toHaveAccessibleDescription(words))
})

test('a spoiled link of a sign-up asks no password, and leads to a new letter or to the log-in', async () => {
  refuse('post', LOOK, 422, { code: 'link_invalid', fields: { token: 'invalid' } })
  const asked = answer('post', '*/api/v1/auth/sign-up/resend', SENT, 202)
  const { user } = renderPage('/verify-email#token=used')
  expect(await screen.findByRole('heading', { name: 'Ссылка не работает' })).toBeVisible()
  expect(screen.queryByLabelText('Пароль')).not.toBeInTheDocument()
  expect(screen.getByRole('link', { name: 'Войти' })).toHaveAttribute('href', '/log-in')
  await user.click(screen.getByRole('button', { name: 'Запросить новое письмо' }))
  await user.type(screen.getByLabelText('Эл. почта'), 'alice@alpha.test')
  await user.click(screen.getByRole('button', { name: 'Отправить ссылку' }))
  expect(await screen.findByRole('heading', { name: 'Проверьте почту' })).toBeVisible()
  expect(asked).toEqual([{ email: 'alice@alpha.test' }])
})

test('a spoiled link of a new password asks for none, also when it is used up while the form is open', async () => {
  refuse('post', LOOK, 422, { code: 'link_invalid', fields: { token: 'invalid' } })
  const { router, user } = renderPage('/reset-password#token=used')
  expect(await screen.findByRole('link', { name: 'Запросить новое письмо' })).toHaveAttribute(
    'href',
    '/forgot-password',
  )
  expect(screen.queryByLabelText('Новый пароль')).not.toBeInTheDocument()
  const looked = answer('post', LOOK, null, 204)
  refuse('post', '*/api/v1/auth/password/reset', 422, { code: 'link_invalid', fields: { token: 'invalid' } })
  await router.navigate('/reset-password#token=fresh')
  await user.type(await screen.findByLabelText('Новый пароль'), 'a long password')
  expect(looked).toEqual([{ purpose: 'reset_password', token: 'fresh' }])
  await user.click(screen.getByRole('button', { name: 'Сохранить пароль' }))
  expect(await screen.findByRole('link', { name: 'Запросить новое письмо' })).toBeVisible()
})

test('a link that cannot be looked at now is tried with the form all the same', async () => {
  refuse('post', LOOK, 429, { code: 'too_many_attempts' })
  renderPage('/reset-password#token=fresh')
  expect(await screen.findByLabelText('Новый пароль')).toBeVisible()
})

test('whoever has no project yet can leave, and is not sent in a circle', async () => {
  signIn()
  answer('get', '*/api/v1/tenants', pageOf([]))
  answer('post', '*/api/v1/auth/log-out', null, 204)
  const { user, location } = renderPage('/tenants/new')
  const leave = await screen.findByRole('button', { name: 'Выйти' })
  expect(screen.queryByRole('link', { name: 'Отмена' })).not.toBeInTheDocument()
  await user.click(leave)
  await waitFor(() => expect(location().pathname).toBe('/log-in'))
})

test("a letter's link leaves the address bar at once, and counts with the password of the sign-up", async () => {
  const looked = answer('post', LOOK, null, 204)
  const sent = answer('post', '*/api/v1/auth/verify-email', SIGNED_IN)
  const { user, location } = renderPage('/verify-email#token=secret')
  await user.type(await screen.findByLabelText('Пароль'), 'a long password')
  expect(location().hash).toBe('')
  signIn()
  answer('get', '/users', pageOf([]))
  answer('get', '/plans', pageOf([]))
  await user.click(screen.getByRole('button', { name: 'Подтвердить и войти' }))
  await waitFor(() => expect(location().pathname).toMatch(/^\/t\//))
  expect(sent).toEqual([{ token: 'secret', password: 'a long password' }])
  // The link is used now: whoever asked of it again would be told no.
  expect(looked).toHaveLength(1)
})

test('a login with a second step asks for the code, and then comes to the page that was wanted', async () => {
  answer('post', '*/api/v1/auth/log-in', { status: 'second_factor_needed', admin: null })
  const { user, location } = renderPage(`/log-in?return=/t/${TENANT.id}/plans`)
  await user.type(await screen.findByLabelText('Эл. почта'), 'alice@alpha.test')
  await user.type(screen.getByLabelText('Пароль'), 'a long password')
  await user.click(screen.getByRole('button', { name: 'Войти' }))
  refuse('post', '*/api/v1/auth/log-in/second-factor', 400, {
    code: 'code_invalid',
    fields: { code: 'invalid' },
  })
  await user.type(await screen.findByLabelText('Код из приложения'), '000000')
  await user.click(screen.getByRole('button', { name: 'Войти' }))
  const code = screen.getByLabelText('Код из приложения')
  await waitFor(() => expect(code).toHaveAccessibleDescription(/неверный или уже использован/))
  signIn()
  answer('get', '/plans', pageOf([aPlan()]))
  answer('post', '*/api/v1/auth/log-in/second-factor', SIGNED_IN)
  await user.click(screen.getByRole('button', { name: 'Войти' }))
  await waitFor(() => expect(location().pathname).toBe(`/t/${TENANT.id}/plans`))
})

test('whoever is invited and has no account makes one and is in', async () => {
  refuse('get', '*/api/v1/auth/me', 401, { code: 'not_signed_in' })
  answer('post', '*/api/v1/invitations/look', {
    tenant_name: 'Alpha', inviter_name: 'Alice', email: 'bob@alpha.test', role: 'support', has_account: false,
  }) // prettier-ignore
  const sent = answer('post', '*/api/v1/invitations/accept-as-new', SIGNED_IN)
  const { user, location } = renderPage('/invitation#token=t.secret')
  expect(await screen.findByRole('heading', { name: 'Вас зовут в «Alpha»' })).toBeVisible()
  expect(location().hash).toBe('')
  await user.type(await screen.findByLabelText('Имя'), 'Bob')
  await user.type(screen.getByLabelText('Пароль'), 'a long password')
  signIn('support')
  answer('get', '/users', pageOf([]))
  answer('get', '/plans', pageOf([]))
  await user.click(screen.getByRole('button', { name: 'Создать аккаунт и присоединиться' }))
  await waitFor(() => expect(location().pathname).toMatch(/^\/t\//))
  expect(sent).toEqual([{ token: 't.secret', name: 'Bob', password: 'a long password', locale: 'ru' }])
})

test('what wants a fresh proof is asked for once and then goes by itself', async () => {
  signIn()
  answer('get', '/bots', pageOf([aBot({ status: 'token_revoked', health_code: 'token_revoked' })]))
  answer('get', '*/api/v1/auth/second-factor', { is_on: false, recovery_codes_left: 0 })
  refuse('put', `/bots/${aBot().id}/token`, 403, { code: 'reauth_required' })
  const proved = answer('post', '*/api/v1/auth/prove', null, 204)
  const { user } = renderPage('~/settings/bot')
  await user.click(await screen.findByRole('button', { name: 'Заменить токен' }))
  await user.type(await screen.findByLabelText('Новый токен'), '12345:BB')
  await user.click(screen.getByRole('button', { name: 'Заменить' }))
  await user.type(await screen.findByLabelText('Пароль'), 'a long password')
  const sent = answer('put', `/bots/${aBot().id}/token`, aBot())
  await user.click(screen.getByRole('button', { name: 'Подтвердить' }))
  await waitFor(() => expect(sent).toEqual([{ token: '12345:BB' }]))
  expect(proved).toEqual([{ password: 'a long password' }])
  await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument())
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
  answer('post', '*/api/v1/auth/log-in', SIGNED_IN)
  await user.type(await screen.findByLabelText('Эл. почта'), 'alice@alpha.test')
  await user.type(screen.getByLabelText('Пароль'), 'a long password')
  await user.click(screen.getByRole('button', { name: 'Войти' }))
  expect(await screen.findByLabelText('Название')).toHaveValue('Полгода')
  expect(screen.getByLabelText('Цена')).toHaveValue('4990')
})
