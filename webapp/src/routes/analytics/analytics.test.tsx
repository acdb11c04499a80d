import { screen, within } from '@testing-library/react'
import { beforeEach, expect, test } from 'vitest'
import { id } from '@/test/cast'
import { renderPage } from '@/test/render-page'
import { answer, signIn } from '@/test/server'

const VIEW = {
  period: { first_day: '2026-09-01', last_day: '2026-11-25' },
  previous: { first_day: '2026-06-01', last_day: '2026-08-31' },
  time_zone: 'Europe/Moscow',
  is_test: false,
  has_other: true,
  updated_at: '2026-11-25T09:00:00Z',
}

beforeEach(() => signIn())

test('cohorts are read as text, switched to test payments by the address, and taken along as a file', async () => {
  const months = [
    { month: '2026-10-01', number: 0, people: 4, rate: 1 },
    { month: '2026-11-01', number: 1, people: 3, rate: 0.75 },
  ]
  const cohorts = [
    { cohort: '2026-10-01', size: 4, months, money: [{ currency: 'RUB', revenue_minor: [99_000, 49_500] }] },
  ]
  const asked = answer('get', '/analytics/cohorts', { ...VIEW, cohorts })
  const { user, location } = renderPage(
    '~/analytics?tab=cohorts&period=custom&from=2026-09-01&until=2026-11-25',
  )
  const row = within((await screen.findByRole('rowheader', { name: /окт/ })).closest('tr')!)
  expect(row.getByText(/75\s%/)).toHaveAttribute('title', expect.stringContaining('3 человека'))
  await user.selectOptions(screen.getByRole('combobox', { name: 'Что показать' }), 'Выручка, RUB')
  expect(row.getByText(/495\s₽/)).toBeVisible()
  const file = screen.getByRole('link', { name: 'Скачать CSV: когорты' }).getAttribute('href')
  expect(file).toMatch(/table=cohorts&first_day=2026-09-01&last_day=2026-11-25/)
  await user.click(screen.getByRole('button', { name: 'Показать тестовые' }))
  expect(location().search).toContain('test=yes')
  expect(asked.at(-1)).toMatchObject({ is_test: 'true' })
})

test('the funnel says how many went on at each step', async () => {
  const steps = ['started', 'saw_plan', 'checked_out', 'paid', 'joined'].map((step, index) => ({
    step,
    people: 100 - index * 20,
    of_started: 1 - index * 0.2,
    of_step_before: index ? (100 - index * 20) / (120 - index * 20) : 1,
    previous_people: 7,
  }))
  answer('get', '/analytics/funnel', { ...VIEW, has_other: false, steps })
  const { user } = renderPage('~/analytics')
  answer('get', '/analytics/mrr', { ...VIEW, bucket: 'week', currencies: [] })
  await user.click(await screen.findByRole('tab', { name: 'Воронка' }))
  const paid = within((await screen.findByText('Оплатили')).closest('li')!)
  expect(paid.getByText('40')).toBeVisible()
  expect(paid.getByText(/40\s% от запустивших/)).toBeVisible()
  expect(paid.getByText(/66,7\s% от прошлого шага/)).toBeVisible()
})

test('personal codes are told by what they were made for, and links of a kind by their kind', async () => {
  const sums = { currency: 'RUB', revenue_minor: 50_000, refunded_minor: 0, payments: 2, first_payers: 2 }
  const code = { promo_code_id: null, code: null, personal: null, ...sums }
  answer('get', '/analytics/sources', {
    ...VIEW,
    sources: [
      { kind: 'claim', source: 'claim', ...sums },
      { kind: 'campaign', source: 'vk', ...sums },
      { kind: 'campaign', source: 'old', ...sums },
    ],
    promo_codes: [{ ...code, personal: 'win_back' }, { ...code, personal: 'welcome' }, code],
  })
  answer('get', '/campaigns/names', { names: [{ bot_id: id(2), source: 'vk', name: 'Посты ВК' }] })
  renderPage('~/analytics?tab=sources')
  expect(await screen.findByText('Личные коды: возвращение')).toBeVisible()
  expect(screen.getByText('Личные коды: подарок приглашённому')).toBeVisible()
  expect(screen.getByText('Без промокода')).toBeVisible()
  expect(screen.getByText('Личная ссылка из импорта')).toBeVisible()
  expect(screen.queryByText('claim')).not.toBeInTheDocument()
  expect(screen.getByText('vk')).toBeVisible()
  expect(await screen.findByText('Посты ВК')).toBeVisible()
  expect(screen.getAllByText('Своя метка')).toHaveLength(1)
})
