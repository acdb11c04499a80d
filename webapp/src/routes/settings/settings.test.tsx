import { screen, waitFor } from '@testing-library/react'
import { beforeEach, expect, test } from 'vitest'
import { TENANT, aBot } from '@/test/cast'
import { renderPage } from '@/test/render-page'
import { answer, pageOf, refuse, signIn } from '@/test/server'

beforeEach(() => signIn())

test('reminders are chosen as people say them, and everything else stays', async () => {
  const sent = answer('put', '', TENANT)
  const { user } = renderPage('~/settings/general')
  await user.click(await screen.findByRole('button', { name: 'Добавить напоминание' }))
  const second = screen.getByLabelText('№ 2: за')
  const unit = screen.getAllByLabelText('до конца')[1]
  expect(unit).toHaveDisplayValue('день')
  await user.clear(second)
  await user.type(second, '3')
  expect(unit).toHaveDisplayValue('дня')
  await user.click(screen.getAllByRole('button', { name: 'Сохранить' })[1]!)
  await waitFor(() =>
    expect(sent[0]).toEqual(
      expect.objectContaining({ name: 'Alpha', reminder_offsets_seconds: [259_200, 86_400] }),
    ),
  )
})

test('a key that YooKassa refuses is marked at its field', async () => {
  answer('get', '/bots', pageOf([aBot()]))
  answer('get', `/bots/${aBot().id}/shop`, {
    shop_id: null,
    status: 'not_connected',
    is_test: false,
    secret_key_hint: '',
    notification_url: null,
    first_notice_at: null,
    checked_at: null,
    recurring_refused_at: null,
  })
  refuse('put', `/bots/${aBot().id}/shop`, 422, {
    code: 'shop_keys_invalid',
    fields: { secret_key: 'refused_by_yookassa' },
  })
  const { user } = renderPage('~/settings/shop')
  await user.type(await screen.findByLabelText('shopId'), '100001')
  await user.type(screen.getByLabelText('Секретный ключ'), 'test_key')
  await user.click(screen.getByRole('button', { name: 'Проверить и подключить' }))
  await waitFor(() =>
    expect(screen.getByLabelText('Секретный ключ')).toHaveAccessibleDescription(/ЮKassa не принимает/),
  )
})

test('a shop that may not save payment methods is said to be one, with the way out', async () => {
  answer('get', '/bots', pageOf([aBot()]))
  answer('get', `/bots/${aBot().id}/shop`, {
    shop_id: '100001',
    status: 'active',
    is_test: false,
    secret_key_hint: '…wxyz',
    notification_url: null,
    first_notice_at: null,
    checked_at: '2026-11-20T09:00:00Z',
    recurring_refused_at: '2026-11-20T09:00:00Z',
  })
  renderPage('~/settings/shop')
  expect(await screen.findByText('В магазине не подключены автоплатежи')).toBeVisible()
})
