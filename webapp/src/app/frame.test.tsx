import { screen, waitFor } from '@testing-library/react'
import { beforeEach, expect, test } from 'vitest'
import { changeLanguage } from '@/i18n'
import { ADMIN, aPlan, aUser } from '@/test/cast'
import { renderPage } from '@/test/render-page'
import { answer, pageOf, refuse, signIn } from '@/test/server'

beforeEach(() => {
  signIn()
  answer('get', '/plans', pageOf([aPlan()]))
  answer('get', '/channels', pageOf([]))
  answer('get', '/users', pageOf([aUser()]))
})

test('the palette opens by the place of the key, whatever the layout, and leads to a section', async () => {
  const { user, location } = renderPage('~/plans')
  await screen.findByRole('link', { name: 'Месяц' })
  // On a Russian layout the key arrives as a Cyrillic letter.
  window.dispatchEvent(new KeyboardEvent('keydown', { key: 'л', code: 'KeyK', ctrlKey: true }))
  answer('get', '/search', { users: [], payments: [], plans: [], promo_codes: [] })
  await user.type(await screen.findByRole('combobox', { expanded: true }), 'подпис')
  await screen.findByRole('option', { name: 'Подписчики', selected: true })
  await user.keyboard('{Enter}')
  await waitFor(() => expect(location().pathname).toMatch(/\/subscribers$/))
})

test('the palette chooses the person whom the server has found, and says of nobody that nothing was found', async () => {
  const { user, location } = renderPage('~/plans')
  await screen.findByRole('link', { name: 'Месяц' })
  answer('get', '/search', {
    users: [aUser({ first_name: 'Иван' })],
    payments: [],
    plans: [],
    promo_codes: [],
  })
  await user.keyboard('{Control>}[KeyK]{/Control}')
  await user.type(await screen.findByRole('combobox', { expanded: true }), 'иван')
  expect(screen.queryByText('Ничего не нашлось')).not.toBeInTheDocument()
  await screen.findByRole('option', { name: /Иван/, selected: true })
  expect(screen.queryByText('Ничего не нашлось')).not.toBeInTheDocument()
  await user.keyboard('{Enter}')
  await waitFor(() => expect(location().pathname).toContain(`/subscribers/${aUser().id}`))
})

test('the palette makes new things by words of either language, for whoever may', async () => {
  answer('get', '/search', { users: [], payments: [], plans: [], promo_codes: [] })
  const { user, location } = renderPage('~/plans')
  await screen.findByRole('link', { name: 'Месяц' })
  await user.keyboard('{Control>}[KeyK]{/Control}')
  const field = await screen.findByRole('combobox', { expanded: true })
  await user.type(field, 'new plan')
  await screen.findByRole('option', { name: 'Новый тариф', selected: true })
  await user.clear(field)
  await user.type(field, 'новый промо')
  await screen.findByRole('option', { name: 'Новый промокод', selected: true })
  await user.keyboard('{Enter}')
  await waitFor(() => expect(location().pathname).toMatch(/\/promo-codes\/new$/))
})

test('the palette offers an analyst nothing that the role may not make', async () => {
  signIn('analyst')
  const { user } = renderPage('~/plans')
  await screen.findByRole('link', { name: 'Месяц' })
  await user.keyboard('{Control>}[KeyK]{/Control}')
  await screen.findByRole('option', { name: 'Тарифы' })
  expect(screen.queryByRole('option', { name: 'Новый тариф' })).not.toBeInTheDocument()
})

test('two keys open a section, a slash goes to the search, a question mark lists the keys', async () => {
  const { user, location } = renderPage('~/plans')
  await screen.findByRole('link', { name: 'Месяц' })
  await user.keyboard('[Slash]')
  expect(screen.getByRole('searchbox')).toHaveFocus()
  await user.keyboard('gs')
  expect(location().pathname).toMatch(/\/plans$/)
  // The address takes over what was typed once the typing rests.
  await waitFor(() => expect(location().search).toContain('gs'))
  screen.getByRole('searchbox').blur()
  await user.keyboard('gs')
  await waitFor(() => expect(location().pathname).toMatch(/\/subscribers$/))
  await user.keyboard('{Shift>}[Slash]{/Shift}')
  expect(await screen.findByRole('dialog', { name: 'Горячие клавиши' })).toBeVisible()
})

test('the page has landmarks, a skip link and the title of what it shows', async () => {
  renderPage('~/plans')
  await screen.findByRole('link', { name: 'Месяц' })
  expect(screen.getByRole('link', { name: 'К содержанию' })).toHaveAttribute('href', '#content')
  expect(screen.getByRole('main')).toContainElement(screen.getByRole('heading', { level: 1, name: 'Тарифы' }))
  expect(document.title).toBe('Тарифы · LumenPay')
  expect(screen.getAllByRole('link', { name: 'Тарифы' })[0]).toHaveAttribute('aria-current', 'page')
})

test("somebody else's tenant is not found", async () => {
  refuse('get', '', 404, { code: 'tenant_not_found' })
  renderPage('~/plans')
  expect(await screen.findByText('Страница не найдена')).toBeVisible()
})

test('an address with a mistyped tenant is not found, with a way home', async () => {
  refuse('get', '*/api/v1/tenants/tenants', 422, {
    code: 'invalid_input',
    fields: { tenant_id: 'uuid_parsing' },
  })
  renderPage('/t/tenants/plans')
  expect(await screen.findByText('Страница не найдена')).toBeVisible()
  expect(screen.getByRole('link', { name: 'На главную' })).toHaveAttribute('href', '/')
})

test('the language changes without a reload', async () => {
  renderPage('~/plans')
  await screen.findByRole('heading', { name: 'Тарифы' })
  await changeLanguage('en')
  expect(await screen.findByRole('heading', { name: 'Plans' })).toBeVisible()
  expect(document.documentElement.lang).toBe('en')
  await changeLanguage('ru')
})

test('a language that is chosen here is the account’s from then on', async () => {
  const sent = answer('put', '*/api/v1/auth/me', { ...ADMIN, locale: 'en' })
  const { user } = renderPage('~/plans')
  const [account] = await screen.findAllByRole('button', { name: /^Аккаунт: / })
  if (account) await user.click(account)
  await user.click(await screen.findByRole('menuitemradio', { name: 'English' }))
  expect(await screen.findByRole('heading', { name: 'Plans' })).toBeVisible()
  await waitFor(() => expect(sent).toEqual([{ locale: 'en' }]))
  await changeLanguage('ru')
})
