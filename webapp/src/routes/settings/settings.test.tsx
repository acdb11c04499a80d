import { screen, waitFor } from '@testing-library/react'
import { beforeEach, expect, test } from 'vitest'
import { TENANT, aBot } from '@/test/cast'
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
    version: 'first',
  })
  renderPage('~/settings/shop')
  expect(await screen.findByText('В магазине не подключены автоплатежи')).toBeVisible()
})

test('reminders that were changed in another window come in where nothing was typed, with the other settings', async () => {
  refuse('put', '', 409, { code: 'changed_meanwhile' })
  const { user } = renderPage('~/settings/general')
  const grace = await screen.findByLabelText('Остаётся')
  await user.clear(grace)
  await user.type(grace, '5')
  answer('get', '', {
    ...TENANT,
    name: 'Renamed',
    reminder_offsets_seconds: [172_800, 3_600],
    impersonation: null,
    version: 'second',
  })
  await user.click(screen.getAllByRole('button', { name: 'Сохранить' })[1]!)
  await user.click(await screen.findByRole('button', { name: 'Загрузить новое, оставив мои правки' }))
  await waitFor(() => expect(screen.getByLabelText('№ 2: за')).toHaveValue(1))
  expect(screen.getByLabelText('№ 1: за')).toHaveValue(2)
  expect(grace).toHaveValue(5)
  const sent = answer('put', '', TENANT)
  await user.click(screen.getAllByRole('button', { name: 'Сохранить' })[1]!)
  await waitFor(() =>
    expect(sent).toEqual([
      expect.objectContaining({
        name: 'Renamed',
        reminder_offsets_seconds: [172_800, 3_600],
        grace_seconds: 18_000,
        version: 'second',
      }),
    ]),
  )
})

test('one form of the settings stands in no other one’s way, and undoes nothing that it saved', async () => {
  const { user } = renderPage('~/settings/general')
  const grace = await screen.findByLabelText('Остаётся')
  await user.clear(grace)
  await user.type(grace, '5')
  await user.type(screen.getByLabelText('Название'), ' и Ко')
  const renamed = { ...TENANT, name: 'Alpha и Ко', impersonation: null, version: 'second' }
  const sent = answer('put', '', renamed)
  answer('get', '', renamed)
  const [general, reminders] = screen.getAllByRole('button', { name: 'Сохранить' })
  await user.click(general!)
  await waitFor(() =>
    expect(sent).toEqual([expect.objectContaining({ name: 'Alpha и Ко', version: 'first' })]),
  )
  await screen.findAllByRole('button', { name: /^Alpha и Ко/ })
  await user.click(reminders!)
  await waitFor(() =>
    expect(sent[1]).toEqual(
      expect.objectContaining({ name: 'Alpha и Ко', grace_seconds: 18_000, version: 'second' }),
    ),
  )
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
