import { onlineManager } from '@tanstack/react-query'
import { act, screen, waitFor, within } from '@testing-library/react'
import { HttpResponse, http } from 'msw'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { TENANT, aBot, aChannel, aPlan } from '@/test/cast'
import { renderPage } from '@/test/render-page'
import { answer, pageOf, refuse, server, signIn } from '@/test/server'

beforeEach(() => {
  signIn()
  answer('get', '/bots', pageOf([aBot()]))
  answer('get', '/channels', pageOf([aChannel()]))
  answer('get', '/promo-codes', { ...pageOf([]), is_total_exact: true })
  answer('get', `/plans/${aPlan().id}/leaving-rules`, {
    pause_days: 0,
    pauses_a_year: 0,
    offer_kind: null,
    offer_days: null,
    promo_code_id: null,
  })
  answer('get', `/plans/${aPlan().id}/leavings`, { items: [] })
})

afterEach(() => onlineManager.setOnline(true))

test('the list shows what each plan costs and for how long, and leads to the plan', async () => {
  answer(
    'get',
    '/plans',
    pageOf([aPlan({ title: 'Квартал', price: { amount_minor: 249_050, currency: 'RUB' }, period_count: 3 })]),
  )
  renderPage('~/plans')
  const link = await screen.findByRole('link', { name: 'Квартал' })
  expect(link).toHaveAttribute('href', expect.stringContaining('/plans/'))
  const row = within(screen.getByRole('table', { name: 'Тарифы' })).getAllByRole('row')[1]!
  expect(row).toHaveTextContent(/2 490,50 ₽3 месяца1 канал–В продаже/)
})

test('no plans, no match, a failure and no permission look different, each with its way out', async () => {
  answer('get', '/plans', pageOf([]))
  const { user, router } = renderPage('~/plans')
  expect(await screen.findByText('Тарифов пока нет')).toBeVisible()
  expect(screen.getAllByRole('link', { name: 'Новый тариф' })).toHaveLength(2)

  await router.navigate({ search: '?search=xyz' })
  expect(await screen.findByText('Ничего не нашлось')).toBeVisible()
  await user.click(screen.getAllByRole('button', { name: 'Сбросить фильтры' })[0]!)
  expect(await screen.findByText('Тарифов пока нет')).toBeVisible()

  refuse('get', '/plans', 500, {})
  await router.navigate({ search: '?search=broken' })
  expect(await screen.findByRole('alert')).toHaveTextContent('Не получилось загрузить')
  answer('get', '/plans', pageOf([aPlan()]))
  await user.click(screen.getByRole('button', { name: 'Повторить' }))
  expect(await screen.findByRole('link', { name: 'Месяц' })).toBeVisible()

  refuse('get', '/plans', 403, { code: 'role_not_allowed' })
  await router.navigate({ search: '?search=secret' })
  expect(await screen.findByText('Нет доступа')).toBeVisible()
})

test('what is searched for stands in the address, and the answer is asked of the server once typing pauses', async () => {
  const asked = answer('get', '/plans', pageOf([aPlan()]))
  const { user, location } = renderPage('~/plans?page=1')
  await screen.findByRole('link', { name: 'Месяц' })
  await user.type(screen.getByRole('searchbox'), 'кв')
  await waitFor(() => expect(new URLSearchParams(location().search).get('search')).toBe('кв'))
  await waitFor(() => expect(asked.at(-1)).toMatchObject({ search: 'кв', is_archived: 'false' }))
})

test.each([
  ['−5', /не может быть меньше нуля/],
  ['-5', /не может быть меньше нуля/],
  ['девять', /Введите сумму, например 990/],
  ['9,999', /Введите сумму, например 990/],
  ['99999999999', /Слишком большая сумма/],
])('the price %s is refused with a reason, and stays as it was typed', async (typed, reason) => {
  answer('get', '/plans', pageOf([]))
  const { user } = renderPage('~/plans/new')
  const price = await screen.findByLabelText('Цена')
  await user.type(price, typed)
  await user.click(screen.getByRole('button', { name: 'Создать тариф' }))
  await waitFor(() => expect(price).toHaveAccessibleDescription(reason))
  expect((price as HTMLInputElement).value.replace(/\s/g, '')).toBe(typed)
})

test('a form that is sent without a network says so at once, keeps what was typed, and sends nothing later', async () => {
  answer('get', '/plans', pageOf([]))
  const { user } = renderPage('~/plans/new')
  await user.type(await screen.findByLabelText('Название'), 'Полгода')
  await user.type(screen.getByLabelText('Цена'), '4990')
  await user.click(screen.getByRole('checkbox', { name: /Закрытый клуб/ }))
  server.use(http.post('*/plans', () => HttpResponse.error()))
  act(() => onlineManager.setOnline(false))
  expect(await screen.findByText(/Нет интернета/)).toBeVisible()
  await user.click(screen.getByRole('button', { name: 'Создать тариф' }))
  expect(await screen.findByRole('alert')).toHaveTextContent('Введённое осталось здесь')
  expect(screen.getByLabelText('Цена')).toHaveValue('4990')
  const sent = answer('post', '/plans', aPlan(), 201)
  act(() => onlineManager.setOnline(true))
  await waitFor(() => expect(screen.queryByText(/Нет интернета/)).not.toBeInTheDocument())
  expect(sent).toEqual([])
  await user.click(screen.getByRole('button', { name: 'Создать тариф' }))
  await waitFor(() => expect(sent).toHaveLength(1))
})

test('a suspended project is read and not changed, and says why and whom to write to', async () => {
  server.use(
    http.get(`*/api/v1/tenants/${TENANT.id}`, () =>
      HttpResponse.json({
        ...TENANT,
        suspended_at: '2026-11-20T09:00:00Z',
        suspension_reason: 'Жалобы',
        impersonation: null,
      }),
    ),
  )
  answer('get', '/plans', pageOf([aPlan()]))
  const { router } = renderPage('~/plans')
  expect(await screen.findByRole('link', { name: 'Месяц' })).toBeVisible()
  expect(await screen.findByText(/напишите в поддержку платформы/)).toBeVisible()
  expect(screen.queryByRole('link', { name: 'Новый тариф' })).not.toBeInTheDocument()
  expect(screen.queryByRole('button', { name: /Действия/ })).not.toBeInTheDocument()
  await router.navigate(`/t/${TENANT.id}/plans/new`)
  expect(await screen.findByText(/Сейчас здесь ничего нельзя создать/)).toBeVisible()
  expect(screen.queryByLabelText('Название')).not.toBeInTheDocument()
})

test('the list says what is special about a plan and how many places are left', async () => {
  answer(
    'get',
    '/plans',
    pageOf([
      aPlan({
        price: { amount_minor: 0, currency: 'RUB' },
        is_trial: true,
        audience: 'new',
        capacity: 10,
        places_taken: 7,
      }),
      aPlan({ id: 'sold-out', title: 'Полный', capacity: 2, places_taken: 3, sale_state: 'sold_out' }),
    ]),
  )
  renderPage('~/plans')
  await screen.findByRole('link', { name: 'Полный' })
  const rows = within(screen.getByRole('table', { name: 'Тарифы' })).getAllByRole('row')
  expect(rows[1]).toHaveTextContent(/Бесплатно.*Свободно 3 из 10.*В продаже.*Пробный.*Для новых/)
  expect(rows[2]).toHaveTextContent(/Занято 3, а мест 2.*Мест нет/)
})

test('a plan with unsaved changes is not left without a question', async () => {
  answer('get', '/plans', pageOf([aPlan()]))
  answer('get', `/plans/${aPlan().id}`, aPlan())
  const sent = answer('put', `/plans/${aPlan().id}`, aPlan())
  const { user, location } = renderPage(`~/plans/${aPlan().id}`)
  await user.type(await screen.findByLabelText('Название'), ' и ещё')
  await user.click(screen.getAllByRole('link', { name: 'Тарифы' })[0]!)
  await user.click(await screen.findByRole('button', { name: 'Остаться' }))
  expect(location().pathname).toContain(aPlan().id)
  expect(screen.getByLabelText('Название')).toHaveValue('Месяц и ещё')
  await user.click(screen.getAllByRole('link', { name: 'Тарифы' })[0]!)
  await user.click(await screen.findByRole('button', { name: 'Не сохранять' }))
  await waitFor(() => expect(location().pathname).toMatch(/\/plans$/))
  expect(sent).toEqual([])
})

test('a plan that was changed in another window is not put back: the newest comes in, what was typed stays', async () => {
  const path = `/plans/${aPlan().id}`
  answer('get', path, aPlan())
  refuse('put', path, 409, { code: 'changed_meanwhile' })
  const { user, location } = renderPage(`~${path}`)
  await user.type(await screen.findByLabelText('Название'), ' и ещё')
  answer('get', path, aPlan({ price: { amount_minor: 149_000, currency: 'RUB' }, version: 'second' }))
  await user.click(screen.getByRole('button', { name: 'Сохранить' }))
  expect(await screen.findByRole('alert')).toHaveTextContent('изменили в другом окне')
  await user.click(screen.getByRole('button', { name: 'Загрузить новое, оставив мои правки' }))
  await waitFor(() => expect(screen.getByLabelText('Цена')).toHaveValue('1490'))
  expect(screen.getByLabelText('Название')).toHaveValue('Месяц и ещё')
  const sent = answer('put', path, aPlan())
  await user.click(screen.getByRole('button', { name: 'Сохранить' }))
  await waitFor(() => expect(location().pathname).toMatch(/\/plans$/))
  expect(sent).toEqual([
    expect.objectContaining({ title: 'Месяц и ещё', price_minor: 149_000, version: 'second' }),
  ])
})

test('a plan is archived only after its title was typed', async () => {
  answer('get', '/plans', pageOf([aPlan()]))
  const sent = answer('post', `/plans/${aPlan().id}/archive`, aPlan())
  const { user } = renderPage('~/plans')
  await user.click(await screen.findByRole('button', { name: 'Действия с тарифом «Месяц»' }))
  await user.click(await screen.findByRole('menuitem', { name: 'В архив' }))
  const confirm = await screen.findByRole('button', { name: 'В архив' })
  expect(confirm).toBeDisabled()
  await user.type(screen.getByRole('textbox'), 'Месяц')
  await user.click(confirm)
  await waitFor(() => expect(sent).toHaveLength(1))
})

test('an analyst sees plans and is offered nothing that the role does not include', async () => {
  signIn('analyst')
  answer('get', '/plans', pageOf([aPlan()]))
  renderPage('~/plans')
  await screen.findByRole('link', { name: 'Месяц' })
  expect(screen.queryByRole('link', { name: 'Новый тариф' })).not.toBeInTheDocument()
  expect(screen.queryByRole('button', { name: /Действия с тарифом/ })).not.toBeInTheDocument()
})

test('the list shows the price in Stars under the one in money', async () => {
  answer('get', '/plans', pageOf([aPlan({ stars: 350 })]))
  answer('get', '/bots', pageOf([aBot()]))
  renderPage('~/plans')
  expect(await screen.findByText(/350\s★/)).toBeVisible()
})
