import { screen, waitFor, within } from '@testing-library/react'
import { beforeEach, expect, test } from 'vitest'
import type { ActualPlace, HappeningOut, MembershipOut, WantedPlace } from '@/api'
import { AT, TENANT, aUser } from '@/test/cast'
import { renderPage } from '@/test/render-page'
import { answer, pageOf, refuse, signIn } from '@/test/server'
import { SUBSCRIPTION, aSubscriber, answerSubscriber } from '@/test/subscribers'

function happened(source: string, action: string, told: HappeningOut['details'] = {}): HappeningOut {
  return { at: AT, source, action, id: `${source}-${action}`, details: told }
}

beforeEach(() => {
  signIn()
  answerSubscriber([happened('payments', 'paid', { plan: 'Месяц', amount_minor: 99_000, currency: 'RUB' })])
})

test('an extension is sent once for one dialog, and shows in the timeline', async () => {
  const sent = answer('post', `/subscriptions/${SUBSCRIPTION}/extend`, {})
  const { user } = renderPage(`~/subscribers/${aUser().id}`)
  const timeline = await screen.findByRole('region', { name: 'Что происходило' })
  expect(await within(timeline).findByText('Оплата прошла')).toBeVisible()
  await user.click(screen.getByRole('button', { name: 'Продлить' }))
  await user.click(await screen.findByRole('button', { name: '14 дней' }))
  answer('get', `/users/${aUser().id}/timeline`, {
    items: [happened('audit', 'subscription.extended', { change: { period_unit: 'day', period_count: 14 } })],
    next_cursor: null,
  })
  await user.dblClick(within(screen.getByRole('dialog')).getByRole('button', { name: 'Продлить' }))
  await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument())
  expect(sent).toEqual([{ days: 14, idempotence_key: expect.any(String) as string }])
  expect(await within(timeline).findByText('Подписка продлена вручную')).toBeVisible()
})

test('where there is no room for one more, the form says so and leads to the plans', async () => {
  const max_subscribers = '100'
  refuse('post', `/subscriptions/${SUBSCRIPTION}/extend`, 409, {
    code: 'limit_reached',
    fields: { max_subscribers },
  })
  const { user } = renderPage(`~/subscribers/${aUser().id}`)
  await user.click(await screen.findByRole('button', { name: 'Продлить' }))
  const dialog = await screen.findByRole('dialog')
  await user.click(within(dialog).getByRole('button', { name: 'Продлить' }))
  const refusal = await within(dialog).findByRole('alert')
  expect(refusal).toHaveTextContent(/больше нет места/)
  expect(within(refusal).getByRole('link')).toHaveAttribute('href', `/t/${TENANT.id}/settings/billing`)
})

test('a broadcast is told of by its title, and that nobody knows whether it arrived', async () => {
  answer('get', `/users/${aUser().id}/timeline`, {
    items: [
      happened('broadcasts', 'broadcast_sent', { title: 'Новый эфир', is_uncertain: true }),
      happened('audit', 'broadcast.opted_out', { actor_kind: 'user', category: 'news' }),
    ],
    next_cursor: null,
  })
  renderPage(`~/subscribers/${aUser().id}`)
  expect(await screen.findByText('Отправлена рассылка')).toBeVisible()
  expect(screen.getByText('Новый эфир · неизвестно, дошла ли')).toBeVisible()
  expect(screen.getByText('Отказался от вида рассылок')).toBeVisible()
})

test('each channel has one state, and what it means for the owner', async () => {
  const place = (title: string, wanted: WantedPlace, actual: ActualPlace): MembershipOut => ({
    channel_id: `00000000-0000-7000-8000-${title.padStart(12, '0')}`,
    channel_title: title,
    wanted,
    actual,
    actual_seen_at: AT,
    joined_at: AT,
  })
  answer('get', `/users/${aUser().id}`, {
    ...aSubscriber(),
    memberships: [
      place('1', 'inside', 'inside'),
      place('2', 'inside', 'outside'),
      place('3', 'outside', 'inside'),
      place('4', 'outside', 'outside'),
    ],
  })
  renderPage(`~/subscribers/${aUser().id}`)
  const facts = within(await screen.findByRole('region', { name: 'Сведения' }))
  expect(facts.getAllByRole('listitem').map((row) => row.textContent)).toEqual([
    expect.stringMatching(/^1В каналес 20/),
    expect.stringMatching(/^2Не вошёлДоступ есть, но человека в канале нет/),
    expect.stringMatching(/^3Лишний в каналеДоступа нет, а человек внутри/),
    expect.stringMatching(/^4Не в каналеДоступа сейчас нет$/),
  ])
})

test('who was imported and has never opened the bot is told so, without times that nobody knows', async () => {
  const never = { reach: 'not_started', met_at: null, last_seen_at: null, source: 'import' } as const
  answer('get', `/users/${aUser().id}`, { ...aSubscriber(), ...never })
  answer('get', `/users/${aUser().id}/timeline`, {
    items: [happened('users', 'not_started')],
    next_cursor: null,
  })
  renderPage(`~/subscribers/${aUser().id}`)
  expect(await screen.findByText('Ещё не открывал бота')).toBeVisible()
  const facts = screen.getByRole('region', { name: 'Сведения' })
  expect(facts).toHaveTextContent('Последний визитещё не былоБот не может написать первым')
  expect(facts).toHaveTextContent('ИсточникИмпорт')
  expect(screen.queryByText(/аблокировал/)).not.toBeInTheDocument()
  // Nothing could be sent.
  expect(screen.queryByRole('button', { name: 'Отправить ссылку' })).not.toBeInTheDocument()
  expect(await screen.findByText(/Написать не удалось/)).toBeVisible()
})

test('access until the end of a day names that day, on the card and in the list', async () => {
  const until = { ends_at: '2026-12-31T21:00:00Z', access_ends_at: '2026-12-31T21:00:00Z' }
  const subscriptions = aSubscriber().subscriptions.map((subscription) => ({ ...subscription, ...until }))
  answer('get', `/users/${aUser().id}`, { ...aSubscriber(), subscriptions })
  answer('get', '/users', pageOf([{ ...aUser(), subscriptions }]))
  answer('get', '/channels', pageOf([]))
  const { router } = renderPage(`~/subscribers/${aUser().id}`)
  const card = within(await screen.findByRole('region', { name: 'Подписки' }))
  expect(card.getByText(/до 31 дек\. 2026 г\./)).toHaveTextContent(/^до 31 дек\. 2026 г\. ·/)
  await router.navigate(`/t/${TENANT.id}/subscribers`)
  expect(await screen.findByText(/^до 31 дек\. 2026/)).toBeVisible()
})

test('a tag is typed as it is kept: in lower case', async () => {
  const sent = answer('put', `/users/${aUser().id}/tags/new`, { tags: ['new', 'vip'] })
  const { user } = renderPage(`~/subscribers/${aUser().id}`)
  const field = await screen.findByRole('combobox', { name: 'Новый тег' })
  await user.type(field, 'NEW')
  expect(field).toHaveValue('new')
  await user.click(screen.getByRole('button', { name: 'Добавить' }))
  await waitFor(() => expect(sent).toHaveLength(1))
})

test("a subscription is revoked only after its plan's name was typed", async () => {
  const sent = answer('post', `/subscriptions/${SUBSCRIPTION}/revoke`, {})
  const { user } = renderPage(`~/subscribers/${aUser().id}`)
  await user.click(await screen.findByRole('button', { name: 'Отозвать' }))
  const dialog = await screen.findByRole('alertdialog')
  const confirm = within(dialog).getByRole('button', { name: 'Отозвать' })
  expect(confirm).toBeDisabled()
  await user.type(within(dialog).getByRole('textbox'), 'Месяц')
  await user.click(confirm)
  await waitFor(() => expect(sent).toHaveLength(1))
})

test('whom a card of the dashboard counts is asked for, said, and can be taken away', async () => {
  answer('get', '/channels', pageOf([]))
  const asked = answer('get', '/users', { ...pageOf([]), is_total_exact: true })
  const { user, location } = renderPage(
    '~/subscribers?movement=lapsed&from=2026-03-01&until=2026-03-31&test=no',
  )
  const chip = await screen.findByRole('button', { name: /Остались без доступа: 1 мар/ })
  expect(asked[0]).toMatchObject({
    movement: 'lapsed',
    moved_from: '2026-02-28T21:00:00.000Z',
    moved_until: '2026-03-31T21:00:00.000Z',
    is_test: 'false',
  })
  await user.click(chip)
  await waitFor(() => expect(asked.at(-1)).not.toHaveProperty('movement'))
  expect(location().search).toBe('')
})

test('a note that a colleague has written meanwhile is shown, and replaced only knowingly', async () => {
  const path = `/users/${aUser().id}`
  refuse('put', `${path}/note`, 409, { code: 'changed_meanwhile' })
  const { user } = renderPage(`~/subscribers/${aUser().id}`)
  const field = await screen.findByRole('textbox', { name: 'Заметка' })
  await user.type(field, 'Просил скидку')
  answer('get', path, { ...aSubscriber(), note: 'Уже получил скидку', note_version: 'second' })
  await user.click(screen.getByRole('button', { name: 'Сохранить' }))
  expect(await screen.findByRole('alert')).toHaveTextContent('Уже получил скидку')
  expect(field).toHaveValue('Просил скидку')
  const sent = answer('put', `${path}/note`, {
    ...aSubscriber(),
    note: 'Просил скидку',
    note_version: 'third',
  })
  await user.click(screen.getByRole('button', { name: 'Сохранить мой текст' }))
  await waitFor(() => expect(sent).toEqual([{ note: 'Просил скидку', version: 'second' }]))
  await waitFor(() => expect(screen.queryByRole('alert')).not.toBeInTheDocument())
})
