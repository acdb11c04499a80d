import { screen, waitFor } from '@testing-library/react'
import { beforeEach, expect, test } from 'vitest'
import { aBot, aChannel, aPlan } from '@/test/cast'
import { renderPage } from '@/test/render-page'
import { answer, pageOf, refuse, signIn } from '@/test/server'

beforeEach(() => {
  signIn()
  answer('get', '/bots', pageOf([aBot()]))
  answer('get', '/channels', pageOf([aChannel()]))
})

test('a plan is made with the price in minor units', async () => {
  answer('get', '/plans', pageOf([]))
  const sent = answer('post', '/plans', aPlan(), 201)
  const { user, location } = renderPage('~/plans/new')
  await user.type(await screen.findByLabelText('Название'), 'Полгода')
  await user.type(screen.getByLabelText('Цена'), '4 990,50')
  await user.clear(screen.getByLabelText('Срок'))
  await user.type(screen.getByLabelText('Срок'), '6')
  await user.click(screen.getByRole('checkbox', { name: /Закрытый клуб/ }))
  await user.click(screen.getByRole('button', { name: 'Создать тариф' }))
  await waitFor(() => expect(location().pathname).toMatch(/\/plans$/))
  expect(sent).toEqual([
    expect.objectContaining({
      title: 'Полгода',
      price_minor: 499_050,
      period_count: 6,
      period_unit: 'month',
      bot_id: aBot().id,
      channel_ids: [aChannel().id],
    }),
  ])
})

test('the price shows how it is written in the currency that stands beside it', async () => {
  const { user } = renderPage('~/plans/new')
  const price = await screen.findByLabelText('Цена')
  expect(price).toHaveAttribute('placeholder', '990')
  for (const [currency, example] of [
    ['USD', '10'],
    ['UZS', '120000'],
    ['XTR', '500'],
  ] as const) {
    await user.selectOptions(screen.getByLabelText('Валюта'), currency)
    expect(price).toHaveAttribute('placeholder', example)
  }
  expect(screen.queryByLabelText(/Цена в звёздах/)).not.toBeInTheDocument()
})

test('the unit of the period agrees with its number while it is typed', async () => {
  const { user } = renderPage('~/plans/new')
  const count = await screen.findByLabelText('Срок')
  const unit = screen.getByLabelText('Единица')
  expect(unit).toHaveDisplayValue('месяц')
  for (const [typed, shown] of [
    ['3', 'месяца'],
    ['6', 'месяцев'],
    ['21', 'месяц'],
  ] as const) {
    await user.clear(count)
    await user.type(count, typed)
    expect(unit).toHaveDisplayValue(shown)
  }
})

test('what is wrong is said at its field, in words: before sending, and when the server finds it', async () => {
  refuse('post', '/plans', 422, { code: 'plan_invalid', fields: { price: 'must_be_positive' } })
  const { user } = renderPage('~/plans/new')
  await user.click(await screen.findByRole('button', { name: 'Создать тариф' }))
  expect(await screen.findByLabelText('Название')).toHaveAccessibleDescription(/Заполните это поле/)
  expect(screen.getByRole('group', { name: 'Каналы' })).toHaveAccessibleDescription('Выберите хотя бы один')
  await user.type(screen.getByLabelText('Название'), 'Даром')
  await user.type(screen.getByLabelText('Цена'), '0')
  await user.click(screen.getByRole('checkbox', { name: /Закрытый клуб/ }))
  await user.click(screen.getByRole('button', { name: 'Создать тариф' }))
  await waitFor(() =>
    expect(screen.getByLabelText('Цена')).toHaveAccessibleDescription(/Должно быть больше нуля/),
  )
})

test('the limits of a plan are sent as moments of the tenant’s days, and what is empty as nothing', async () => {
  answer('get', '/plans', pageOf([]))
  const sent = answer('post', '/plans', aPlan(), 201)
  const { user, location } = renderPage('~/plans/new')
  await user.type(await screen.findByLabelText('Название'), 'Пробный')
  await user.type(screen.getByLabelText('Цена'), '0')
  await user.selectOptions(screen.getByLabelText('Единица'), 'until')
  await user.type(screen.getByLabelText('Последний день доступа'), '2027-01-31')
  await user.selectOptions(screen.getByLabelText('Кому продаётся'), 'new')
  await user.type(screen.getByLabelText(/Сколько мест/), '20')
  await user.type(screen.getByLabelText(/Код доступа/), 'club2027')
  await user.click(screen.getByRole('switch', { name: /Пробный тариф/ }))
  await user.click(screen.getByRole('checkbox', { name: /Закрытый клуб/ }))
  await user.click(screen.getByRole('button', { name: 'Создать тариф' }))
  await waitFor(() => expect(location().pathname).toMatch(/\/plans$/))
  expect(sent).toEqual([
    expect.objectContaining({
      price_minor: 0,
      period_unit: 'until',
      period_count: 1,
      fixed_end_at: '2027-01-31T21:00:00.000Z',
      sale_starts_at: null,
      sale_ends_at: null,
      audience: 'new',
      capacity: 20,
      access_code: 'club2027',
      is_trial: true,
    }),
  ])
})

test('a plan renews by itself only where there is something to renew', async () => {
  answer('get', '/plans', pageOf([]))
  const sent = answer('post', '/plans', aPlan(), 201)
  const { user } = renderPage('~/plans/new')
  await user.type(await screen.findByLabelText('Название'), 'Клуб')
  await user.type(screen.getByLabelText('Цена'), '990')
  await user.click(screen.getByRole('checkbox', { name: /Закрытый клуб/ }))
  expect(screen.getByRole('switch', { name: 'Продлевается сам' })).not.toBeChecked()
  await user.click(screen.getByRole('switch', { name: 'Продлевается сам' }))
  await user.click(screen.getByRole('button', { name: 'Создать тариф' }))
  await waitFor(() => expect(sent).toEqual([expect.objectContaining({ is_recurring: true })]))
})

test('a plan has a second price in Stars, or no other at all', async () => {
  answer('get', '/bots', pageOf([aBot()]))
  answer('get', '/channels', pageOf([aChannel()]))
  const sent = answer('post', '/plans', aPlan({ stars: 350 }), 201)
  const { user } = renderPage('~/plans/new')
  await user.type(await screen.findByLabelText('Название'), 'Клуб')
  await user.type(screen.getByLabelText('Цена'), '990')
  await user.click(screen.getByRole('checkbox', { name: /Закрытый клуб/ }))
  await user.type(screen.getByLabelText(/Цена в звёздах/), '350')
  expect(screen.queryByText(/ровно на 30 дней/)).toBeNull()
  await user.click(screen.getByRole('switch', { name: 'Продлевается сам' }))
  expect(screen.getByText(/ровно на 30 дней/)).toBeVisible()
  await user.click(screen.getByRole('button', { name: 'Создать тариф' }))
  await waitFor(() => expect(sent).toEqual([expect.objectContaining({ stars: 350, currency: 'RUB' })]))
})

test('a plan for Stars alone is sent in their currency, without a second price', async () => {
  answer('get', '/bots', pageOf([aBot()]))
  answer('get', '/channels', pageOf([aChannel()]))
  const sent = answer('post', '/plans', aPlan(), 201)
  const { user } = renderPage('~/plans/new')
  await user.type(await screen.findByLabelText('Название'), 'Клуб')
  await user.type(screen.getByLabelText(/Цена в звёздах/), '350')
  await user.selectOptions(screen.getByLabelText('Валюта'), 'XTR')
  expect(screen.queryByLabelText(/Цена в звёздах/)).toBeNull()
  await user.type(screen.getByLabelText('Цена'), '500')
  await user.click(screen.getByRole('checkbox', { name: /Закрытый клуб/ }))
  await user.click(screen.getByRole('button', { name: 'Создать тариф' }))
  await waitFor(() =>
    expect(sent).toEqual([expect.objectContaining({ stars: null, currency: 'XTR', price_minor: 500 })]),
  )
})

test('a plan is sold in other money than roubles where its owner chooses so', async () => {
  answer('get', '/bots', pageOf([aBot()]))
  answer('get', '/channels', pageOf([aChannel()]))
  const sent = answer('post', '/plans', aPlan(), 201)
  const { user } = renderPage('~/plans/new')
  await user.type(await screen.findByLabelText('Название'), 'Клуб')
  await user.selectOptions(screen.getByLabelText('Валюта'), 'Белорусский рубль, BYN')
  await user.type(screen.getByLabelText('Цена'), '49,90')
  await user.click(screen.getByRole('checkbox', { name: /Закрытый клуб/ }))
  await user.click(screen.getByRole('button', { name: 'Создать тариф' }))
  await waitFor(() => expect(sent).toEqual([expect.objectContaining({ currency: 'BYN', price_minor: 4990 })]))
})

test('an audience is counted by the plans that are checked, and changes of plan are allowed by a switch', async () => {
  answer('get', '/plans', pageOf([aPlan()]))
  const sent = answer('post', '/plans', aPlan(), 201)
  const { user, location } = renderPage('~/plans/new')
  await user.type(await screen.findByLabelText('Название'), 'Возвращение')
  await user.type(screen.getByLabelText('Цена'), '490')
  expect(screen.queryByRole('group', { name: 'Считать по тарифам' })).not.toBeInTheDocument()
  await user.selectOptions(screen.getByLabelText('Кому продаётся'), 'lapsed')
  await user.click(await screen.findByRole('checkbox', { name: aPlan().title }))
  await user.click(screen.getByRole('switch', { name: /Смена тарифа/ }))
  await user.click(screen.getByRole('checkbox', { name: /Закрытый клуб/ }))
  await user.click(screen.getByRole('button', { name: 'Создать тариф' }))
  await waitFor(() => expect(location().pathname).toMatch(/\/plans$/))
  expect(sent).toEqual([
    expect.objectContaining({ audience: 'lapsed', audience_plan_ids: [aPlan().id], allows_changes: true }),
  ])
})

test('where changes of plan are allowed it is said between which plans, or that one is not enough', async () => {
  answer('get', '/plans', pageOf([aPlan({ title: 'Без смены' })]))
  const { user } = renderPage('~/plans/new')
  await user.type(await screen.findByLabelText('Цена'), '490')
  expect(screen.queryByText(/Переходить/)).not.toBeInTheDocument()
  await user.click(screen.getByRole('switch', { name: /Смена тарифа/ }))
  expect(await screen.findByText(/Переходить пока не на что/)).toBeVisible()
  await user.clear(screen.getByLabelText('Цена'))
  expect(screen.getByText(/в смене не участвуют/)).toBeVisible()
})

test('plans that take part in changes are named, free ones and those of other bots are not', async () => {
  const allowed = { allows_changes: true }
  answer(
    'get',
    '/plans',
    pageOf([
      aPlan({ ...allowed, id: '1', title: 'Год' }),
      aPlan({ ...allowed, id: '2', title: 'Даром', price: { amount_minor: 0, currency: 'RUB' } }),
      aPlan({ ...allowed, id: '3', title: 'Чужой', bot_id: '00000000-0000-7000-8000-0000000000bb' }),
    ]),
  )
  const { user } = renderPage('~/plans/new')
  await user.type(await screen.findByLabelText('Цена'), '490')
  await user.click(screen.getByRole('switch', { name: /Смена тарифа/ }))
  expect(await screen.findByText('Переходить можно между этим тарифом и: Год.')).toBeVisible()
})
