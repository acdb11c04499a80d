import { screen, waitFor } from '@testing-library/react'
import { expect, test } from 'vitest'
import type { BillStandingOut } from '@/api'
import { TENANT } from '@/test/cast'
import { renderPage } from '@/test/render-page'
import { answer, pageOf, signInTo } from '@/test/server'

const DAY = 86_400_000
const inDays = (days: number) => new Date(Date.now() + days * DAY).toISOString()
const PAID: BillStandingOut = {
  standing: 'active',
  trial_ends_at: null,
  cancels_at: null,
  pauses_at: null,
  sales_paused_at: null,
}

async function open(bill: Partial<BillStandingOut>, role: typeof TENANT.role = 'owner') {
  signInTo({ bill: { ...PAID, ...bill }, role })
  answer('get', '/plans', pageOf([]))
  answer('get', '/channels', pageOf([]))
  const page = renderPage('~/plans')
  await screen.findByRole('heading', { level: 1 })
  return page
}

test('who owes reads on every page until when sales go on, and a press leads to paying', async () => {
  const sent = answer('post', '/billing/pay', { url: `${window.location.href}#invoice-of-stripe` })
  const { user } = await open({ standing: 'past_due', pauses_at: '2026-12-05T12:00:00Z' })
  expect(await screen.findByText('Платёж за LumenPay не прошёл')).toBeVisible()
  expect(screen.getByText(/до 5 дек.*Подписчики доступ не потеряют/)).toBeVisible()
  expect(screen.getByRole('link', { name: 'Подробнее' })).toHaveAttribute(
    'href',
    `/t/${TENANT.id}/settings/billing`,
  )
  await user.click(screen.getByRole('button', { name: 'Оплатить' }))
  await waitFor(() => expect(window.location.hash).toMatch(/#invoice-of-stripe$/))
  expect(sent).toHaveLength(1)
})

test('who sells nothing any more reads what goes on all the same', async () => {
  await open({ standing: 'restricted', sales_paused_at: '2026-12-05T12:00:00Z' })
  expect(await screen.findByText('Новые продажи и рассылки приостановлены')).toBeVisible()
  expect(screen.getByText(/Подписчики сохраняют оплаченный доступ/)).toBeVisible()
  expect(screen.getByRole('button', { name: 'Оплатить' })).toBeEnabled()
})

test('who may not pay is told who may', async () => {
  await open({ standing: 'past_due', pauses_at: inDays(4) }, 'support')
  expect(await screen.findByText('Оплатить может владелец проекта.')).toBeVisible()
  expect(screen.queryByRole('button', { name: 'Оплатить' })).toBeNull()
  expect(screen.queryByRole('link', { name: 'Подробнее' })).toBeNull()
})

test('who manages but may not pay can read what is owed', async () => {
  await open({ standing: 'past_due', pauses_at: inDays(4) }, 'manager')
  expect(await screen.findByText('Оплатить может владелец проекта.')).toBeVisible()
  expect(screen.getByRole('link', { name: 'Подробнее' })).toBeVisible()
})

test.each([
  { what: 'it goes on', cancels_at: null, words: /оплачивается с карты/ },
  { what: 'it ends', cancels_at: inDays(2), words: /действуют пределы бесплатного тарифа/ },
])('a trial that ends within three days says what comes then: $what', async ({ cancels_at, words }) => {
  await open({ standing: 'trialing', trial_ends_at: inDays(2), cancels_at })
  expect(await screen.findByText(/^Пробный период закончится/)).toBeVisible()
  expect(screen.getByText(words)).toBeVisible()
})

test.each([PAID, { ...PAID, standing: 'trialing' as const, trial_ends_at: inDays(9) }])(
  'nothing is said while nothing is near: $standing',
  async (bill) => {
    await open(bill)
    expect(screen.queryByText(/LumenPay не прошёл|Пробный период|приостановлены/)).toBeNull()
  },
)
