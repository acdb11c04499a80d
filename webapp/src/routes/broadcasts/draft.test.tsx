import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { beforeEach, expect, test } from 'vitest'
import { aBroadcast } from '@/test/broadcasts'
import { aBot, aCode, aPlan } from '@/test/cast'
import { renderPage } from '@/test/render-page'
import { answer, pageOf, refuse, signIn, signInTo } from '@/test/server'

const PATH = `/broadcasts/${aBroadcast().id}`
const SHOWN = { html: 'Привет, Анна!', buttons: [['🔕 Не присылать такое']], length: 13, max_length: 4096 }

beforeEach(() => {
  signIn()
  answer('get', '/bots', pageOf([aBot()]))
  answer('get', '/plans', pageOf([aPlan()]))
  answer('get', '/promo-codes', pageOf([aCode()]))
  answer('get', '/channels', pageOf([]))
  answer('get', '/users/tags', { tags: ['vip'] })
  answer('get', `/broadcasts/audience/${aBot().id}`, { reached: 1200, blocked: 3, opted_out: 0 })
  answer('post', '/broadcasts/preview', SHOWN)
  answer('get', PATH, aBroadcast())
})

test('a broadcast is written, seen as it will look, and stored with its list and its buttons', async () => {
  const counted = answer('get', `/broadcasts/audience/${aBot().id}`, { reached: 1, blocked: 0, opted_out: 0 })
  const sent = answer('post', '/broadcasts', aBroadcast(), 201)
  const { user, location } = renderPage('~/broadcasts/new')
  await user.type(await screen.findByLabelText('Название'), 'Новый эфир')
  await user.type(screen.getByLabelText('Текст'), 'Привет, ')
  await user.click(screen.getByRole('button', { name: 'Вставить: имя подписчика' }))
  expect(screen.getByLabelText('Текст')).toHaveValue('Привет, {name}')
  const preview = screen.getByRole('region', { name: 'Так увидит подписчик' })
  expect(await within(preview).findByText('Привет, Анна!')).toBeVisible()
  expect(within(preview).getByText('🔕 Не присылать такое')).toBeVisible()

  await user.click(screen.getByRole('button', { name: 'Добавить кнопку' }))
  await user.type(screen.getByLabelText('Надпись'), 'Купить')
  await user.selectOptions(screen.getByLabelText('Что открывает'), 'Тариф')
  await user.selectOptions(
    screen.getByLabelText('Тариф', { selector: '[name="buttons.0.plan_id"]' }),
    'Месяц',
  )
  await user.selectOptions(screen.getByLabelText('Состояние'), 'Есть доступ')
  expect(await screen.findByText('Получит 1 человек')).toBeVisible()
  await waitFor(() => expect(counted.at(-1)).toEqual({ category: 'news', query: 'state=active' }))

  await user.click(screen.getByRole('button', { name: 'Сохранить черновик' }))
  await waitFor(() => expect(location().pathname).toMatch(new RegExp(`${PATH}$`)))
  expect(sent).toEqual([
    expect.objectContaining({
      bot_id: aBot().id,
      title: 'Новый эфир',
      text: 'Привет, {name}',
      query: 'state=active',
      from_hour: 9,
      until_hour: 22,
      buttons: [{ row: 0, text: 'Купить', plan_id: aPlan().id }],
    }),
  ])
})

test('marks are put around what is chosen, by buttons and by keys', async () => {
  const { user } = renderPage('~/broadcasts/new')
  const text = await screen.findByLabelText<HTMLTextAreaElement>('Текст')
  await user.type(text, 'два слова')
  text.setSelectionRange(4, 9)
  await user.click(screen.getByRole('button', { name: 'Жирный' }))
  expect(text).toHaveValue('два <b>слова</b>')
  text.setSelectionRange(0, 3)
  // On a Russian layout the key of I gives another letter.
  fireEvent.keyDown(text, { key: 'ш', code: 'KeyI', ctrlKey: true })
  expect(text).toHaveValue('<i>два</i> <b>слова</b>')
  expect(text).toHaveAccessibleDescription(/9 из 4\s096 знаков/)
})

test('one that goes by itself has a delay, and what its text uses has something that stands for it', async () => {
  const sent = answer('put', PATH, aBroadcast())
  const { user } = renderPage(`~${PATH}/edit`)
  expect(await screen.findByLabelText(/Если имени нет/)).toBeVisible()
  expect(screen.queryByLabelText(/Если тарифа нет/)).toBeNull()
  await user.click(screen.getByRole('button', { name: 'Вставить: его тариф' }))
  await user.type(await screen.findByLabelText(/Если тарифа нет/), 'пока нет')
  expect(await screen.findByText(/Получат 1\s200 человек/)).toBeVisible()
  await user.selectOptions(screen.getByLabelText('Как отправлять'), 'Сама: не оплатившим заказ')
  expect(screen.queryByText(/Получат 1\s200 человек/)).toBeNull()
  fireEvent.change(screen.getByLabelText('Число'), { target: { value: '2' } })
  await user.selectOptions(screen.getByLabelText('Единица'), 'часов')
  await user.click(screen.getByRole('button', { name: 'Сохранить черновик' }))
  await waitFor(() => expect(sent).toHaveLength(1))
  expect(sent[0]).toMatchObject({
    plan_fallback: 'пока нет',
    repeats: null,
    trigger: 'unfinished_purchase',
    delay_minutes: 120,
  })
})

test('the sending hours are of the project’s day, and of each subscriber’s where it goes by itself', async () => {
  const { user } = renderPage('~/broadcasts/new')
  expect(
    await screen.findByText(/^По времени Europe\/Moscow\. В остальное время рассылка ждёт/),
  ).toBeVisible()
  await user.selectOptions(screen.getByLabelText('Как отправлять'), 'Сама: новым в боте')
  expect(screen.getByText(/^По времени каждого подписчика; .* — по времени Europe\/Moscow/)).toBeVisible()
})

test('the message is shown for somebody without a subscription too', async () => {
  const asked = answer('post', '/broadcasts/preview', SHOWN)
  const { user } = renderPage(`~${PATH}/edit`)
  await waitFor(() => expect(asked.at(-1)).toMatchObject({ name: 'Анна', plan: 'Клуб' }))
  await user.selectOptions(screen.getByLabelText('Кому показать'), 'Без подписки')
  await waitFor(() => expect(asked.at(-1)).toMatchObject({ name: 'Анна', plan: '', paid_until_at: null }))
})

test('a medium leaves less room for the text, and both say what is wrong', async () => {
  const { user } = renderPage('~/broadcasts/new')
  await user.type(await screen.findByLabelText('Название'), 'Эфир')
  fireEvent.change(screen.getByLabelText('Текст'), { target: { value: 'x'.repeat(1025) } })
  await user.selectOptions(screen.getByLabelText('Вложение'), 'Фото')
  await user.type(screen.getByLabelText('Адрес файла'), 'http://example.org/a.jpg')
  await user.click(screen.getByRole('button', { name: 'Сохранить черновик' }))
  await waitFor(() => expect(screen.getByLabelText('Текст')).toHaveAccessibleDescription(/не больше 1024/))
  expect(screen.getByLabelText('Адрес файла')).toHaveAccessibleDescription(
    /Загрузите файл или укажите адрес https/,
  )
})

test('what the server says of the text and of a button stands at them, in words', async () => {
  answer(
    'get',
    PATH,
    aBroadcast({
      buttons: [{ row: 0, text: 'Купить', url: null, plan_id: aPlan().id, promo_code_id: null }],
    }),
  )
  refuse('put', PATH, 422, {
    code: 'broadcast_invalid',
    fields: { text: 'tags_not_balanced b', 'buttons.0.plan_id': 'not_found' },
  })
  const { user } = renderPage(`~${PATH}/edit`)
  await user.click(await screen.findByRole('button', { name: 'Сохранить черновик' }))
  await waitFor(() => expect(screen.getByLabelText('Текст')).toHaveAccessibleDescription(/Тег <b> не закрыт/))
  expect(
    screen.getByLabelText('Тариф', { selector: '[name="buttons.0.plan_id"]' }),
  ).toHaveAccessibleDescription(/выберите другое/)
})

test('Telegram’s objections to what is typed stand where the message would be', async () => {
  refuse('post', '/broadcasts/preview', 422, {
    code: 'broadcast_invalid',
    fields: { text: 'tag_not_allowed h1' },
  })
  const { user } = renderPage('~/broadcasts/new')
  await user.type(await screen.findByLabelText('Текст'), '<h1>Эфир')
  expect(await screen.findByText('Тега <h1> в Telegram нет.')).toBeVisible()
})

test('a message changed in another window is not written over', async () => {
  refuse('put', PATH, 409, { code: 'changed_meanwhile' })
  const { user } = renderPage(`~${PATH}/edit`)
  await user.type(await screen.findByLabelText('Название'), '!')
  await user.click(screen.getByRole('button', { name: 'Сохранить черновик' }))
  answer('get', PATH, aBroadcast({ text: 'Другой текст', version: 'second' }))
  await user.click(await screen.findByRole('button', { name: 'Загрузить новое, оставив мои правки' }))
  await waitFor(() => expect(screen.getByLabelText('Текст')).toHaveValue('Другой текст'))
  expect(screen.getByLabelText('Название')).toHaveValue('Новый эфир!')
})

test('Enter in the search for people looks for them, and stores nothing', async () => {
  const sent = answer('post', '/broadcasts', aBroadcast(), 201)
  const { user } = renderPage('~/broadcasts/new')
  await user.type(await screen.findByLabelText('Название'), 'Эфир')
  await user.type(screen.getByLabelText('Текст'), 'Эфир')
  await user.type(screen.getByLabelText('Имя, @имя или Telegram ID'), 'Анна{Enter}')
  await waitFor(() => expect(screen.getByRole('button', { name: 'Сбросить фильтры' })).toBeVisible())
  expect(sent).toHaveLength(0)
})

test('a plan that was archived meanwhile stays chosen where it is, and is offered to no other button', async () => {
  answer('get', '/plans', pageOf([aPlan({ archived_at: '2026-11-21T09:00:00Z' })]))
  const plan = { row: 0, text: 'Купить', url: null, plan_id: aPlan().id, promo_code_id: null }
  answer(
    'get',
    PATH,
    aBroadcast({ buttons: [plan, { ...plan, row: 1, plan_id: null, url: 'https://a.test' }] }),
  )
  const { user } = renderPage(`~${PATH}/edit`)
  const select = (number: number) =>
    screen.findByLabelText('Тариф', { selector: `[name="buttons.${number}.plan_id"]` })
  await waitFor(async () => expect(await select(0)).toHaveDisplayValue('Месяц'))
  await user.selectOptions(screen.getAllByLabelText('Что открывает')[1]!, 'Тариф')
  expect(within(await select(1)).queryByText('Месяц')).toBeNull()
})

test('a copy begins with everything that the other one said', async () => {
  renderPage(`~/broadcasts/new?from=${aBroadcast().id}`)
  expect(await screen.findByLabelText('Название')).toHaveValue('Копия: Новый эфир')
  expect(screen.getByLabelText('Текст')).toHaveValue('Привет, {name}! <b>Эфир сегодня</b>')
})

test.each([
  ['one of a copy', 'Копия: Новый эфир', 'Копия: Новый эфир'],
  ['one of a copy in the other language', 'Copy of Новый эфир', 'Копия: Новый эфир'],
  ['one of a long name', 'я'.repeat(128), `Копия: ${'я'.repeat(121)}`],
])('a copy says that it is one, once and within its room: %s', async (_, title, copied) => {
  answer('get', PATH, aBroadcast({ title }))
  renderPage(`~/broadcasts/new?from=${aBroadcast().id}`)
  expect(await screen.findByLabelText('Название')).toHaveValue(copied)
})

test('the people of a filtered list are written to, and the filters can still be changed', async () => {
  answer('get', '/users', pageOf([]))
  const { user } = renderPage('~/subscribers?state=expired&tag=vip')
  await user.click(await screen.findByRole('link', { name: 'Написать им' }))
  expect(await screen.findByLabelText('Текст')).toBeVisible()
  expect(screen.getByLabelText('Состояние')).toHaveDisplayValue('Доступ закончился')
  expect(screen.getByLabelText('Тег')).toHaveDisplayValue('vip')
})

test('whoever may only look is told why there is nothing to write', async () => {
  signIn('analyst')
  renderPage('~/broadcasts/new')
  expect(await screen.findByText('Нет доступа')).toBeVisible()
  expect(screen.queryByLabelText('Текст')).toBeNull()
})

test('without hours of sending it is said that messages go out at night too', async () => {
  const { user } = renderPage(`~${PATH}/edit`)
  expect(await screen.findByText(/в любое время, и ночью тоже/)).toBeVisible()
  await user.selectOptions(screen.getByLabelText('До'), '22')
  expect(screen.getByText(/По времени Europe\/Moscow\. В остальное время рассылка ждёт/)).toBeVisible()
})

test('of one that waits for its time it is not said that it goes to nobody', async () => {
  answer('get', PATH, aBroadcast({ status: 'scheduled', scheduled_at: '2099-12-01T09:00:00Z' }))
  renderPage(`~${PATH}/edit`)
  expect(await screen.findByText(/Рассылка запланирована/)).toBeVisible()
  expect(screen.queryByText(/Сохранённый черновик никому не уходит/)).toBeNull()
})

test('what goes by itself cannot be chosen where the platform has switched it off', async () => {
  signInTo({ features_off: ['triggers'] })
  renderPage(`~${PATH}/edit`)
  const choice = within(await screen.findByLabelText('Как отправлять'))
  expect(choice.queryByRole('option', { name: /^Сама/ })).toBeNull()
  expect(choice.getAllByRole('option').length).toBeGreaterThan(1)
})
