import { screen, within } from '@testing-library/react'
import { beforeEach, expect, test } from 'vitest'
import type { BroadcastOut } from '@/api'
import { aBroadcast, aRun } from '@/test/broadcasts'
import { aBot } from '@/test/cast'
import { renderPage } from '@/test/render-page'
import { answer, pageOf, signIn } from '@/test/server'

const PATH = `/broadcasts/${aBroadcast().id}`
const AT = '2026-11-20T09:00:00Z'
const SERIES: Partial<BroadcastOut> = {
  trigger: 'expired',
  delay_minutes: 7 * 1440,
  rate_per_minute: null,
  seconds_left: null,
}

function open(found: BroadcastOut) {
  answer('get', PATH, found)
  return renderPage(`~${PATH}`)
}

beforeEach(() => {
  signIn()
  for (const list of ['/bots', '/plans', '/channels'])
    answer('get', list, pageOf(list === '/bots' ? [aBot()] : []))
  answer('get', `/broadcasts/audience/${aBot().id}`, { reached: 0, blocked: 0, opted_out: 0 })
  answer('get', `${PATH}/recipients`, { items: [], next_cursor: null })
})

test('one that goes by itself is turned on although nobody is there yet', async () => {
  const started = answer('post', `${PATH}/send`, aRun({ trigger: 'welcome' }))
  const { user } = open(aBroadcast({ tested_at: AT, trigger: 'welcome' }))
  await user.click(await screen.findByRole('button', { name: 'Включить' }))
  expect(screen.queryByText(/некому писать/)).toBeNull()
  const question = await screen.findByRole('alertdialog', { name: 'Включить рассылку?' })
  answer('get', PATH, aRun({ trigger: 'welcome' }))
  await user.click(within(question).getByRole('button', { name: 'Включить' }))
  expect(await screen.findByText('Отправлено 400 людям')).toBeVisible()
  expect(screen.getByText('Рассылка включена')).toBeVisible()
  expect(started).toEqual([{ version: 'first' }])
  await user.click(screen.getByRole('button', { name: 'Остановить' }))
  expect(await screen.findByRole('alertdialog')).toHaveTextContent(/Новым людям она больше не придёт/)
})

test.each(['running', 'scheduled'] as const)(
  'one that goes by itself is on, and says when it last went and after what, not that it goes out now: %s',
  async (status) => {
    const found = aRun({ ...SERIES, status, scheduled_at: AT, sent_count: 21, last_sent_at: AT })
    answer('get', '/broadcasts', pageOf([found]))
    answer('get', PATH, found)
    const { user } = renderPage('~/broadcasts')
    const row = await screen.findByRole('row', { name: /Новый эфир/ })
    expect(row).toHaveTextContent(/Включена/)
    expect(row).toHaveTextContent(/21последнее: .*назад/)
    expect(row).not.toHaveTextContent(/Отправляется/)
    await user.click(within(row).getByRole('link', { name: /Новый эфир/ }))
    expect(await screen.findByText('Отправлено 21 человеку')).toBeVisible()
    expect(screen.getByText(/^Последнее сообщение: .*назад/)).toBeVisible()
    expect(screen.getByText('Через 7 дней после окончания подписки')).toBeVisible()
    expect(screen.queryByText('Все, кто запускал бота')).toBeNull()
    expect(screen.queryByRole('link', { name: 'Открыть список' })).toBeNull()
  },
)

test('one that goes by itself to people of a list says both, and whom nothing was sent to yet', async () => {
  open(aRun({ ...SERIES, query: 'source=vk', sent_count: 0 }))
  expect(await screen.findByText('Через 7 дней после окончания подписки')).toBeVisible()
  expect(screen.getByRole('link', { name: 'Открыть список' })).toHaveAttribute(
    'href',
    expect.stringContaining('source=vk'),
  )
  expect(screen.getByText('Ещё никому не отправлено')).toBeVisible()
})

test('words for those who left lead to the series that writes to them too', async () => {
  answer('get', '/broadcasts', pageOf([]))
  answer('get', '/promo-codes', pageOf([]))
  const { user } = renderPage('~/broadcasts')
  await user.click(await screen.findByRole('button', { name: 'Черновики для ушедших' }))
  const link = await screen.findByRole('link', { name: 'Возвращение ушедших' })
  expect(link).toHaveAttribute('href', expect.stringMatching(/\/promo-codes\/win-back$/))
})
