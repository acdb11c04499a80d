import { screen, waitFor, within } from '@testing-library/react'
import { beforeEach, expect, test } from 'vitest'
import type { ApiKeyOut, WebhookDeliveryOut, WebhookOut, WholeWebhookDeliveryOut } from '@/api'
import { renderPage } from '@/test/render-page'
import { answer, pageOf, refuse, signIn, signInTo } from '@/test/server'

const KEY: ApiKeyOut = {
  id: '01980000-0000-7000-8000-0000000000a1',
  name: 'Бухгалтерия',
  prefix: 'lpk_1234abcd',
  scopes: ['payments:read'],
  created_by: null,
  created_at: '2026-11-01T12:00:00Z',
  expires_at: null,
  last_used_at: null,
  previous_until_at: null,
}
const WEBHOOK: WebhookOut = {
  id: '01980000-0000-7000-8000-0000000000b1',
  url: 'https://hooks.example.com/lumenpay',
  description: 'Наша CRM',
  event_types: ['payment.succeeded'],
  disabled_because: null,
  failing_since_at: null,
  previous_until_at: null,
  created_at: '2026-11-01T12:00:00Z',
}
const DELIVERY: WebhookDeliveryOut = {
  id: '01980000-0000-7000-8000-0000000000c1',
  webhook_endpoint_id: WEBHOOK.id,
  event_type: 'payment.succeeded',
  status: 'dead',
  attempts: 10,
  next_attempt_at: null,
  last_attempt_at: '2026-11-04T12:00:00Z',
  response_status: null,
  failure: 'timeout',
  duration_ms: 15000,
  created_at: '2026-11-01T12:00:00Z',
}
const PERMISSIONS = [
  { operation: 'payments-list', roles: ['owner'], needs_proof: false, scope: 'payments:read' },
  { operation: 'refunds-create', roles: ['owner'], needs_proof: true, scope: 'refunds:write' },
  { operation: 'bots-delete', roles: ['owner'], needs_proof: true, scope: null },
]

function open(keys: ApiKeyOut[] = [KEY], webhooks: WebhookOut[] = [WEBHOOK]) {
  answer('get', '/api-keys', { items: keys })
  answer('get', '/webhooks', { items: webhooks })
  answer('get', '/webhook-deliveries', { ...pageOf([DELIVERY]), is_total_exact: true })
  answer('get', '*/api/v1/permissions', PERMISSIONS)
  return renderPage('~/settings/api')
}

beforeEach(() => signIn())

test('a key is made with the rights that were ticked, and its secret shown once', async () => {
  const sent = answer('post', '/api-keys', { key: KEY, secret: 'lpk_1234abcd_very-secret' }, 201)
  const { user } = open([])
  await user.click(await screen.findByRole('button', { name: 'Создать ключ' }))
  const dialog = await screen.findByRole('dialog', { name: 'Создать ключ' })
  await user.type(await within(dialog).findByRole('textbox', { name: 'Название' }), 'Бухгалтерия')
  await user.click(within(dialog).getByRole('button', { name: 'Создать ключ' }))
  expect(await within(dialog).findByText('Отметьте хотя бы одно право.')).toBeVisible()
  expect(within(dialog).queryByRole('checkbox', { name: 'Боты: изменение' })).toBeNull()
  await user.click(within(dialog).getByRole('checkbox', { name: 'Платежи: чтение' }))
  await user.click(within(dialog).getByRole('button', { name: 'Создать ключ' }))
  expect(await screen.findByText('lpk_1234abcd_very-secret')).toBeVisible()
  expect(sent).toEqual([{ name: 'Бухгалтерия', scopes: ['payments:read'], expires_at: null }])
  await user.click(screen.getByRole('button', { name: 'Закрыть' }))
  await waitFor(() => expect(screen.queryByText('lpk_1234abcd_very-secret')).toBeNull())
})

test('the address of the API is copied with the id of the tenant in it', async () => {
  const { user } = open()
  await user.click(await screen.findByRole('button', { name: 'Скопировать адрес API' }))
  expect(await navigator.clipboard.readText()).toMatch(/^http.*\/api\/v1\/tenants\/[0-9a-f-]{36}$/)
})

test('the description of the API opens in a window of its own', async () => {
  open()
  const link = await screen.findByRole('link', { name: 'Описание API' })
  expect(link).toHaveAttribute('href', '/api/openapi.json')
  expect(link).toHaveAttribute('target', '_blank')
})

test.each([
  { minutes: 0, said: 'в последний час' },
  { minutes: 59, said: 'в последний час' },
  { minutes: 61, said: 'в последние два часа' },
  { minutes: 121, said: '2 часа назад' },
])(
  'the last use of a key is told no more exactly than it is kept: $minutes min',
  async ({ minutes, said }) => {
    open([{ ...KEY, last_used_at: new Date(Date.now() - minutes * 60_000).toISOString() }])
    const line = (await screen.findByText(KEY.name)).closest('li')
    expect(line).toHaveTextContent(`Использован: ${said}`)
  },
)

test('a key is revoked after a question', async () => {
  const sent = answer('delete', `/api-keys/${KEY.id}`, null, 204)
  const { user } = open()
  await user.click(await screen.findByRole('button', { name: 'Действия с ключом «Бухгалтерия»' }))
  await user.click(screen.getByRole('menuitem', { name: 'Отозвать' }))
  await user.click(within(await screen.findByRole('alertdialog')).getByRole('button', { name: 'Отозвать' }))
  await waitFor(() => expect(sent).toHaveLength(1))
})

test('an address that cannot be called is told at its field', async () => {
  refuse('post', '/webhooks', 422, { code: 'webhook_url_invalid', fields: { url: 'https_only' } })
  const { user } = open([KEY], [])
  await user.click(await screen.findByRole('button', { name: 'Добавить вебхук' }))
  const dialog = await screen.findByRole('dialog', { name: 'Добавить вебхук' })
  const url = await within(dialog).findByRole('textbox', { name: 'Адрес' })
  await user.clear(url)
  await user.type(url, 'http://hooks.example.com')
  await user.click(within(dialog).getByRole('button', { name: 'Добавить вебхук' }))
  expect(await within(dialog).findByText('Адрес должен начинаться с https://.')).toBeVisible()
})

test('what was not delivered says why, and is sent again', async () => {
  const sent = answer('post', `/webhook-deliveries/${DELIVERY.id}/replay`, DELIVERY, 202)
  const { user } = open()
  expect(await screen.findByText('Сервер не ответил за 15 секунд')).toBeVisible()
  await user.click(screen.getByRole('button', { name: 'Отправить ещё раз: payment.succeeded' }))
  await waitFor(() => expect(sent).toHaveLength(1))
})

test('a delivery shows what was sent, each try and the answer, and is sent again from there', async () => {
  const whole: WholeWebhookDeliveryOut = {
    ...DELIVERY,
    message_id: 'evt_01980000',
    payload: { type: 'payment.succeeded', data: { amount_minor: 49900 } },
    request_headers: { 'webhook-id': 'evt_01980000', 'webhook-timestamp': '1793707200' },
    response_excerpt: 'Traceback',
    tries: [
      { attempt: 1, began_at: '2026-11-01T12:00:00Z', response_status: 503, failure: 'status', duration_ms: 80 },
      { attempt: 2, began_at: '2026-11-01T12:00:05Z', response_status: null, failure: '', duration_ms: null },
      { attempt: 3, began_at: '2026-11-04T12:00:00Z', response_status: null, failure: 'timeout', duration_ms: 15_000 },
    ],
  } // prettier-ignore
  answer('get', `/webhook-deliveries/${DELIVERY.id}`, whole)
  const sent = answer('post', `/webhook-deliveries/${DELIVERY.id}/replay`, DELIVERY, 202)
  const { user } = open()
  await user.click(await screen.findByRole('button', { name: 'Подробности: payment.succeeded' }))
  const sheet = await screen.findByRole('dialog', { name: 'payment.succeeded' })
  const tries = within(await within(sheet).findByRole('region', { name: 'Попытки' })).getAllByRole('listitem')
  expect(tries.map(({ textContent }) => textContent.replace(/ · .*/, ''))).toEqual([
    'Сервер не ответил за 15 секунд15 сПопытка 3',
    'Прервана на нашей сторонеПопытка 2',
    'Ответ 50380 мсПопытка 1',
  ])
  expect(within(sheet).getByText(/"amount_minor": 49900/)).toBeVisible()
  expect(within(sheet).getByText(/webhook-timestamp: 1793707200/)).toBeVisible()
  expect(within(sheet).getByText('Traceback')).toBeVisible()
  await user.click(within(sheet).getByRole('button', { name: 'Скопировать: Что отправляется' }))
  expect(JSON.parse(await navigator.clipboard.readText())).toEqual(whole.payload)
  await user.click(within(sheet).getByRole('button', { name: 'Отправить ещё раз' }))
  await waitFor(() => expect(sent).toHaveLength(1))
  await user.keyboard('{Escape}')
  const opener = screen.getByRole('button', { name: 'Подробности: payment.succeeded' })
  await waitFor(() => expect(opener).toHaveFocus())
})

test('an event that failed and is tried again is said to wait for it', async () => {
  const late = { status: 'waiting', attempts: 2, next_attempt_at: '2099-12-01T12:00:00Z' } as const
  const fresh = { ...late, id: KEY.id, attempts: 0, failure: '', event_type: 'payment.refunded' }
  open()
  answer('get', '/webhook-deliveries', {
    ...pageOf([
      { ...DELIVERY, ...late },
      { ...DELIVERY, ...fresh },
    ]),
    is_total_exact: true,
  })
  expect(await screen.findByRole('row', { name: /payment.succeeded/ })).toHaveTextContent('Ждёт повтора')
  expect(screen.getByRole('row', { name: /payment.refunded/ })).toHaveTextContent('Отправляется')
  expect(screen.getByRole('option', { name: 'Отправляется или ждёт повтора' })).toBeVisible()
})

test('a test is sent, and one that is off says so and sends none', async () => {
  const sent = answer('post', `/webhooks/${WEBHOOK.id}/test`, { ...DELIVERY, status: 'waiting' }, 202)
  const { user } = open(
    [KEY],
    [WEBHOOK, { ...WEBHOOK, id: KEY.id, url: 'https://off.example.com/', disabled_because: 'failing' }],
  )
  await user.click(await screen.findByRole('button', { name: `Действия с вебхуком ${WEBHOOK.url}` }))
  await user.click(screen.getByRole('menuitem', { name: 'Отправить пробное событие' }))
  await waitFor(() => expect(sent).toHaveLength(1))
  expect(screen.getByText('Отключён: сервер несколько дней не отвечал')).toBeVisible()
  await user.click(screen.getByRole('button', { name: 'Действия с вебхуком https://off.example.com/' }))
  expect(screen.getByRole('menuitem', { name: 'Отправить пробное событие' })).toHaveAttribute(
    'aria-disabled',
    'true',
  )
})

test('a manager sees webhooks but neither keys nor how to make any', async () => {
  signIn('manager')
  open()
  expect(await screen.findByText(WEBHOOK.description, { exact: false })).toBeVisible()
  expect(screen.queryByRole('button', { name: 'Добавить вебхук' })).toBeNull()
  expect(screen.queryByText('Ключи API')).toBeNull()
})

test('webhooks that the platform has switched off are not asked for, and the page says so', async () => {
  signInTo({ features_off: ['webhooks'] })
  const asked = answer('get', '/webhooks', { items: [WEBHOOK] })
  answer('get', '/api-keys', { items: [KEY] })
  renderPage('~/settings/api')
  expect(await screen.findByText(KEY.name)).toBeVisible()
  expect(screen.getByText('Вебхуки выключены платформой')).toBeVisible()
  expect(screen.getByText(/Адреса сохраняются/)).toBeVisible()
  expect(screen.queryByRole('heading', { name: 'Вебхуки' })).toBeNull()
  expect(asked).toHaveLength(0)
})

test('whoever sees no keys reads that webhooks are switched off', async () => {
  signInTo({ features_off: ['webhooks'], role: 'manager' })
  renderPage('~/settings/api')
  expect(await screen.findByText(/Вебхуки выключены платформой/)).toBeVisible()
})
