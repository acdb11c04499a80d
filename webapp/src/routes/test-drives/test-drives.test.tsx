import { screen, waitFor, within } from '@testing-library/react'
import { HttpResponse, delay, http } from 'msw'
import { beforeEach, expect, test } from 'vitest'
import type { DriveMessageOut, TestDriveOut, TestDriveStateOut } from '@/api'
import { TENANT, aBot } from '@/test/cast'
import { renderPage } from '@/test/render-page'
import { answer, pageOf, refuse, server, signIn } from '@/test/server'

const ID = '00000000-0000-7000-8000-0000000000d1'
const AT = '2026-11-25T09:00:00Z'
const BASE = `*/api/v1/tenants/${TENANT.id}/test-drives/${ID}`

const DRIVE: TestDriveOut = {
  id: ID,
  bot_id: aBot().id,
  bot_name: 'Клуб',
  bot_username: 'alpha_bot',
  locale: 'ru',
  is_mine: true,
  status: 'running',
  end_reason: null,
  period_seconds: 40,
  reminder_seconds: 20,
  started_at: AT,
  ends_at: '2026-11-25T10:00:00Z',
  ended_at: null,
}

function aState(changes: Partial<TestDriveStateOut> = {}): TestDriveStateOut {
  const steps = (['bought', 'joined', 'reminded', 'expired'] as const).map((name) => ({
    name,
    reached_at: null,
    seconds: null,
  }))
  return {
    drive: DRIVE,
    version: 1,
    now: AT,
    is_lost: false,
    messages: [],
    notices: [],
    channels: [{ title: 'Закрытый клуб', place: 'outside' }],
    steps,
    ...changes,
  }
}

function aMessage(changes: Partial<DriveMessageOut> = {}): DriveMessageOut {
  return { id: 7, author: 'bot', html: 'Привет', buttons: [], sent_at: AT, edited_at: null, ...changes }
}

/** The phone's state, and whatever it becomes later; a question with `since` waits for that. */
function phone(first: TestDriveStateOut) {
  let state = first
  server.use(
    http.get(BASE, async ({ request }) => {
      const since = Number(new URL(request.url).searchParams.get('since') ?? -1)
      while (state.version <= since && !request.signal.aborted) await delay(10)
      return HttpResponse.json(state)
    }),
  )
  return (changes: Partial<TestDriveStateOut>) => {
    state = { ...state, version: state.version + 1, ...changes }
  }
}

beforeEach(() => {
  signIn()
  answer('get', '/bots', pageOf([aBot()]))
})

test('the phone starts the bot, shows what it says, pays by a test card and follows the way', async () => {
  answer('get', '/test-drives', { is_available: true, items: [DRIVE] })
  const change = phone(aState())
  const written = answer('post', `/test-drives/${ID}/messages`, null, 204)
  const paid = answer('post', `/test-drives/${ID}/payments`, { status: 'succeeded' })
  const { user } = renderPage('~/test-drive')
  await user.click(await screen.findByRole('button', { name: 'Начать' }))
  expect(written).toEqual([{ text: '/start' }])
  change({
    messages: [
      aMessage({
        html: '<b>Месяц</b> <a href="javascript:alert(1)">ссылка</a><img src=x onerror="alert(1)"><script>alert(1)</script>',
        buttons: [[{ text: 'Оплатить 990 ₽', kind: 'pay', data: 'p-1' }]],
      }),
    ],
  })
  const log = within(screen.getByRole('log', { name: 'Сообщения' }))
  expect((await log.findByText('Месяц')).tagName).toBe('STRONG')
  expect(log.getByText(/ссылка/).closest('a')).toBeNull()
  expect(document.querySelector('img, script[src="x"]')).toBeNull()
  await user.click(log.getByRole('button', { name: 'Оплатить 990 ₽' }))
  await user.click(await screen.findByRole('radio', { name: /4600/ }))
  await user.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Оплатить 990 ₽' }))
  await waitFor(() => expect(paid).toEqual([{ payment: 'p-1', card: '5555 5555 5555 4600' }]))
  const [bought, ...others] = aState().steps
  change({ steps: [{ ...bought!, reached_at: AT, seconds: 12.3 }, ...others] })
  expect(await screen.findByText('за 12,3 с')).toBeVisible()
})

test('a drive that was removed is said so, and leads to a new one', async () => {
  answer('get', '/test-drives', { is_available: true, items: [DRIVE] })
  refuse('get', `/test-drives/${ID}`, 404, { code: 'test_drive_not_found' })
  const { user } = renderPage('~/test-drive')
  await screen.findByText('Этот тест-драйв удалён')
  answer('get', '/test-drives', { is_available: true, items: [] })
  refuse('post', '/test-drives', 409, { code: 'test_drive_needs_plan' })
  await user.click(screen.getByRole('button', { name: 'Начать заново' }))
  await user.click(await screen.findByRole('button', { name: 'Начать тест-драйв' }))
  expect(await screen.findByRole('alert')).toHaveTextContent('создайте тариф с каналом')
})

test('the chat of a drive that was just begun takes the focus of the button that went', async () => {
  answer('get', '/test-drives', { is_available: true, items: [] })
  answer('post', '/test-drives', DRIVE, 201)
  phone(aState())
  const { user } = renderPage('~/test-drive')
  await user.click(await screen.findByRole('button', { name: 'Начать тест-драйв' }))
  expect(await screen.findByRole('log')).toHaveFocus()
})
