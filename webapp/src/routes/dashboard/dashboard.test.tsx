import { act, screen, waitFor, within } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { DashboardOut, OnboardingOut } from '@/api'
import { aChannel, aSweep } from '@/test/cast'
import { renderPage } from '@/test/render-page'
import { answer, pageOf, signIn, signInTo } from '@/test/server'

const LINK = {
  operation_id: 'users-list',
  query: {
    movement: 'held',
    moved_from: '2026-02-28T21:00:00Z',
    moved_until: '2026-03-31T21:00:00Z',
    is_test: 'false',
  },
}
const MONEY = {
  amounts: [
    { currency: 'RUB', amount_minor: 99_000, previous_minor: 49_500, change_percent: 100, refunded_minor: 0 },
  ],
}

function aDashboard(changes: Partial<DashboardOut> = {}): DashboardOut {
  const count = { count: 3, previous: 2, change_percent: 50, list: LINK }
  return {
    period: { first_day: '2026-10-27', last_day: '2026-11-25' },
    previous: { first_day: '2026-09-27', last_day: '2026-10-26' },
    time_zone: 'Europe/Moscow',
    is_test: false,
    has_other: false,
    updated_at: '2026-11-25T09:00:00Z',
    bucket: 'day',
    revenue: { ...MONEY, list: { operation_id: 'nothing-shows_it', query: {} } },
    mrr: { ...MONEY, list: LINK },
    active: count,
    new: count,
    churned: count,
    churn_rate: { rate: 0.125, previous: null },
    series: [
      {
        first_day: '2026-11-25',
        last_day: '2026-11-25',
        active: 3,
        new: 3,
        returned: 0,
        churned: 1,
        money: [{ currency: 'RUB', revenue_minor: 99_000, refunded_minor: 0, mrr_minor: 99_000 }],
      },
    ],
    ...changes,
  }
}

const DONE: OnboardingOut = { steps: [], done: 6, total: 6, next: null, bot_id: null, bot_link: null }

class Stream extends EventTarget {
  static readonly CLOSED = 2
  static opened: Stream[] = []
  readyState = 1
  onerror: (() => void) | null = null
  constructor(readonly address: string) {
    super()
    Stream.opened.push(this)
  }
  close() {
    this.readyState = Stream.CLOSED
  }
  say(topic: string, id: string | null) {
    act(() => void this.dispatchEvent(new MessageEvent(topic, { data: JSON.stringify({ topic, id }) })))
  }
}

beforeEach(() => {
  signIn()
  answer('get', '/channels', pageOf([]))
  answer('get', '/membership-sweeps', { ...pageOf([]), is_total_exact: true })
})
afterEach(() => vi.unstubAllGlobals())

test('a card says its figure, the change and what it means, and leads to the list that the server names', async () => {
  answer('get', '/onboarding', DONE)
  answer('get', '/analytics/dashboard', aDashboard())
  renderPage('~')
  const active = await screen.findByRole('link', { name: 'Активные' })
  expect(active.getAttribute('href')).toMatch(
    /\/subscribers\?movement=held&from=2026-03-01&until=2026-03-31&test=no$/,
  )
  expect(screen.getByRole('button', { name: /^MRR: Регулярная/ })).toBeVisible()
  expect(screen.getAllByText(/\+100\s%/)).toHaveLength(2)
  // No page shows that list, so the card leads nowhere.
  expect(screen.queryByRole('link', { name: 'Выручка' })).not.toBeInTheDocument()
  expect(screen.queryByText('Начало работы')).not.toBeInTheDocument()
})

test('a sweep that waits for a decision is said, with its channel, and leads to where it is decided', async () => {
  answer('get', '/onboarding', DONE)
  answer('get', '/analytics/dashboard', aDashboard())
  answer('get', '/channels', pageOf([aChannel()]))
  answer('get', '/membership-sweeps', { ...pageOf([aSweep()]), is_total_exact: true })
  renderPage('~')
  expect(await screen.findByText(/Слишком много людей без подписки/)).toBeVisible()
  expect(await screen.findByText(aChannel().title)).toBeVisible()
  expect(screen.getByText(/25 человек/)).toBeVisible()
  expect(screen.getByRole('link', { name: 'Посмотреть и решить' })).toHaveAttribute(
    'href',
    expect.stringMatching(/\/channels$/),
  )
})

test('what was refunded stands beside the revenue, which is without it', async () => {
  const amounts = MONEY.amounts.map((sum) => ({ ...sum, refunded_minor: 10_000 }))
  answer('get', '/onboarding', DONE)
  answer('get', '/analytics/dashboard', aDashboard({ revenue: { amounts, list: LINK } }))
  renderPage('~')
  expect(await screen.findByText(/^Возвращено 100\s₽$/)).toBeVisible()
  expect(screen.getAllByText(/Возвращено/)).toHaveLength(1)
})

test('test payments that the API chooses are marked as such, and real ones are asked for by a button', async () => {
  answer('get', '/onboarding', DONE)
  const asked = answer('get', '/analytics/dashboard', aDashboard({ is_test: true }))
  const { user, location } = renderPage('~')
  expect(await screen.findByText('Тестовые платежи')).toBeVisible()
  expect(screen.getByText(/Настоящих оплат ещё не было/)).toBeVisible()
  expect(asked[0]).not.toHaveProperty('is_test')
  await user.click(screen.getByRole('button', { name: 'Показать настоящие' }))
  expect(location().search).toContain('test=no')
  await waitFor(() => expect(asked.at(-1)).toMatchObject({ is_test: 'false' }))
})

test('the period is in the address and in what is asked for', async () => {
  answer('get', '/onboarding', DONE)
  const asked = answer('get', '/analytics/dashboard', aDashboard())
  const { user, location } = renderPage('~?period=custom&from=2026-01-01&until=2026-06-30')
  await screen.findByRole('link', { name: 'Активные' })
  expect(asked).toEqual([{ first_day: '2026-01-01', last_day: '2026-06-30', bucket: 'week' }])
  await user.selectOptions(screen.getByRole('combobox', { name: 'Детализация' }), 'По месяцам')
  await waitFor(() => expect(asked.at(-1)).toMatchObject({ bucket: 'month' }))
  expect(location().search).toContain('bucket=month')
})

test('the checklist says what is wrong and where it is put right, and whoever may not do it gets no button', async () => {
  const step = {
    code: 'channel',
    state: 'failed',
    reason: 'rights_missing',
    hint: '',
    missing_rights: ['can_invite_users'],
  }
  answer('get', '/onboarding', { ...DONE, done: 5, next: 'channel', steps: [step] })
  answer('get', '/analytics/dashboard', aDashboard())
  answer('post', '/onboarding/check', DONE)
  const { user } = renderPage('~')
  const shown = within((await screen.findByText('Добавьте канал')).closest('li')!)
  expect(shown.getByText(/«Добавление участников»/)).toBeVisible()
  expect(shown.getByRole('link')).toHaveAttribute('href', expect.stringMatching(/\/channels$/))
  answer('get', '/onboarding', DONE)
  await user.click(screen.getByRole('button', { name: 'Проверить снова' }))
  await waitFor(() => expect(screen.queryByText('Начало работы')).not.toBeInTheDocument())
  expect(screen.getByText('Всё готово: у вас можно покупать.', { selector: '[role=status]' })).toBeVisible()
})

test('an address that is not verified is dealt with on the page of the account', async () => {
  const step = { code: 'email', state: 'to_do', reason: 'email_not_verified', hint: '', missing_rights: [] }
  answer('get', '/onboarding', { ...DONE, done: 5, next: 'email', steps: [step] })
  answer('get', '/analytics/dashboard', aDashboard())
  renderPage('~')
  expect(await screen.findByRole('link', { name: /^Перейти: / })).toHaveAttribute('href', '/account')
})

test('the last step of the checklist opens the bot, as it says, and offers the test drive beside it', async () => {
  const step = {
    code: 'test_purchase',
    state: 'to_do',
    reason: 'purchase_missing',
    hint: '',
    missing_rights: [],
  }
  const bot_link = 'https://t.me/club_bot'
  answer('get', '/onboarding', { ...DONE, done: 5, next: 'test_purchase', steps: [step], bot_link })
  answer('get', '/analytics/dashboard', aDashboard())
  renderPage('~')
  const shown = within((await screen.findByText('Сделайте пробную покупку')).closest('li')!)
  const [main, beside] = shown.getAllByRole('link').filter((link) => link.closest('details') === null)
  expect(main).toHaveAttribute('href', bot_link)
  expect(beside).toHaveAttribute('href', expect.stringMatching(/\/test-drive$/))
})

test('support sees the checklist without buttons', async () => {
  signIn('support')
  const step = { code: 'bot', state: 'to_do', reason: 'bot_missing', hint: '', missing_rights: [] }
  answer('get', '/onboarding', { ...DONE, done: 5, next: 'bot', steps: [step] })
  answer('get', '/analytics/dashboard', aDashboard())
  renderPage('~')
  const shown = within((await screen.findByText('Подключите бота')).closest('li')!)
  expect(shown.queryByRole('link')).not.toBeInTheDocument()
  expect(screen.queryByRole('button', { name: 'Проверить снова' })).not.toBeInTheDocument()
})

test('a project that is being closed is not asked to begin', async () => {
  signInTo({ removal_at: '2099-12-01T12:00:00Z' })
  const step = { code: 'bot', state: 'to_do', reason: 'bot_missing', hint: '', missing_rights: [] }
  const asked = answer('get', '/onboarding', { ...DONE, done: 5, next: 'bot', steps: [step] })
  answer('get', '/analytics/dashboard', aDashboard())
  renderPage('~')
  await screen.findByRole('link', { name: 'Активные' })
  expect(asked).toEqual([])
  expect(screen.queryByText('Подключите бота')).toBeNull()
})

test('a hint of the stream asks again for what it touches, tells of a payment, and the stream ends with the page', async () => {
  vi.stubGlobal('EventSource', Stream)
  Stream.opened = []
  answer('get', '/onboarding', DONE)
  const asked = answer('get', '/analytics/dashboard', aDashboard())
  answer('get', '/payments/p1', {
    status: 'succeeded',
    settled_at: new Date().toISOString(),
    amount: { amount_minor: 99_000, currency: 'RUB' },
    is_test: false,
  })
  const { router } = renderPage('~')
  await screen.findByRole('link', { name: 'Активные' })
  await waitFor(() => expect(Stream.opened).toHaveLength(1))
  const stream = Stream.opened[0]!
  // Also of what changed while the page was asked for.
  expect(Number(new URL(stream.address, 'http://portal').searchParams.get('age_seconds'))).toBeGreaterThan(4)
  stream.say('bot_message', null)
  stream.say('payment', 'p1')
  expect(await screen.findByText(/Новый платёж: 990/)).toBeVisible()
  await waitFor(() => expect(asked).toHaveLength(2))
  await act(() => router.navigate('/log-in'))
  expect(stream.readyState).toBe(Stream.CLOSED)
})
