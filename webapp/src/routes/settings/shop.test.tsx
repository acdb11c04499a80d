import { screen, waitFor } from '@testing-library/react'
import { beforeEach, expect, test } from 'vitest'
import { aBot } from '@/test/cast'
import { renderPage } from '@/test/render-page'
import { answer, pageOf, refuse, signIn } from '@/test/server'

const NO_RECEIPTS = {
  is_on: false,
  takes_phone: false,
  vat_code: 1,
  tax_system_code: null,
  subject: 'service',
  mode: 'full_payment',
  version: 'first',
}

beforeEach(() => {
  signIn()
  answer('get', `/bots/${aBot().id}/shop/receipts`, NO_RECEIPTS)
})

test('a shopId with letters and a key that YooKassa refuses are told what to do about at their fields', async () => {
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
    fault: '',
    version: 'none',
  })
  refuse('put', `/bots/${aBot().id}/shop`, 422, {
    code: 'shop_keys_invalid',
    fields: { secret_key: 'refused_by_yookassa' },
  })
  const { user } = renderPage('~/settings/shop')
  await user.type(await screen.findByLabelText('shopId'), 'abc')
  await user.click(screen.getByRole('button', { name: 'Проверить и подключить' }))
  await waitFor(() => expect(screen.getByLabelText('shopId')).toHaveAccessibleDescription(/Только цифры/))
  await user.clear(screen.getByLabelText('shopId'))
  await user.type(screen.getByLabelText('shopId'), '100001')
  await user.type(screen.getByLabelText('Секретный ключ'), 'test_key')
  await user.click(screen.getByRole('button', { name: 'Проверить и подключить' }))
  await waitFor(() =>
    expect(screen.getByLabelText('Секретный ключ')).toHaveAccessibleDescription(/Интеграция → Ключи API/),
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
    fault: '',
    version: 'first',
  })
  renderPage('~/settings/shop')
  expect(await screen.findByText('В магазине не подключены автоплатежи')).toBeVisible()
})

test.each([
  ['keys_refused', 'ЮKassa больше не принимает ключ'],
  ['payments_forbidden', 'ЮKassa не разрешает магазину принимать платежи'],
])('why a shop sells nothing is said in words: %s', async (fault, words) => {
  answer('get', '/bots', pageOf([aBot()]))
  answer('get', `/bots/${aBot().id}/shop`, {
    shop_id: '100001',
    status: 'rejected',
    is_test: false,
    secret_key_hint: '…wxyz',
    notification_url: null,
    first_notice_at: null,
    checked_at: '2026-11-20T09:00:00Z',
    recurring_refused_at: null,
    fault,
    version: 'first',
  })
  renderPage('~/settings/shop')
  expect(await screen.findByText(words)).toBeVisible()
})

test('a shop that somebody else connected meanwhile is not replaced without a question, and the keys stay typed', async () => {
  const shop = {
    shop_id: '100001',
    status: 'active',
    is_test: false,
    secret_key_hint: '…1111',
    notification_url: null,
    first_notice_at: null,
    checked_at: null,
    recurring_refused_at: null,
    fault: '',
    version: 'first',
  }
  const path = `/bots/${aBot().id}/shop`
  answer('get', '/bots', pageOf([aBot()]))
  answer('get', path, shop)
  refuse('put', path, 409, { code: 'changed_meanwhile' })
  const { user } = renderPage('~/settings/shop')
  await user.click(await screen.findByRole('button', { name: 'Заменить ключи' }))
  await user.type(await screen.findByLabelText('shopId'), '100002')
  await user.type(screen.getByLabelText('Секретный ключ'), 'live_key')
  await user.click(screen.getByRole('button', { name: 'Проверить и подключить' }))
  answer('get', path, { ...shop, version: 'second' })
  await user.click(await screen.findByRole('button', { name: 'Загрузить новое, оставив мои правки' }))
  const sent = answer('put', path, shop)
  await waitFor(() => expect(screen.queryByRole('alert')).not.toBeInTheDocument())
  await user.click(screen.getByRole('button', { name: 'Проверить и подключить' }))
  await waitFor(() =>
    expect(sent).toEqual([{ shop_id: '100002', secret_key: 'live_key', version: 'second' }]),
  )
})

test('a shop sends receipts once it is said what stands in them', async () => {
  answer('get', '/bots', pageOf([aBot({ shop_status: 'active' })]))
  answer('get', `/bots/${aBot().id}/shop`, {
    shop_id: '100001',
    status: 'active',
    is_test: false,
    secret_key_hint: '…wxyz',
    notification_url: null,
    first_notice_at: '2026-11-20T09:00:00Z',
    checked_at: '2026-11-20T09:00:00Z',
    recurring_refused_at: null,
    fault: '',
  })
  const sent = answer('put', `/bots/${aBot().id}/shop/receipts`, {
    ...NO_RECEIPTS,
    is_on: true,
    vat_code: 11,
  })
  const { user } = renderPage('~/settings/shop')
  const isOn = await screen.findByRole('switch', { name: /Отправлять чеки/ })
  expect(screen.queryByLabelText('Ставка НДС')).toBeNull()
  await user.click(isOn)
  await user.selectOptions(screen.getByLabelText('Ставка НДС'), 'НДС 22 %')
  await user.click(screen.getByRole('button', { name: 'Сохранить' }))
  await waitFor(() => expect(sent[0]).toEqual({ ...NO_RECEIPTS, is_on: true, vat_code: 11 }))
  // Somebody else saves meanwhile: what they chose is not undone unasked.
  refuse('put', `/bots/${aBot().id}/shop/receipts`, 409, { code: 'changed_meanwhile' })
  await user.selectOptions(screen.getByLabelText('Ставка НДС'), 'НДС 10 %')
  await user.click(screen.getByRole('button', { name: 'Сохранить' }))
  expect(await screen.findByRole('button', { name: 'Загрузить новое, оставив мои правки' })).toBeVisible()
})
