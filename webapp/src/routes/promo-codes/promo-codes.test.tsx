import { fireEvent, screen, waitFor } from '@testing-library/react'
import { beforeEach, expect, test } from 'vitest'
import { aBot, aCode, aPlan } from '@/test/cast'
import { renderPage } from '@/test/render-page'
import { answer, pageOf, refuse, signIn } from '@/test/server'

beforeEach(() => {
  signIn()
  answer('get', '/bots', pageOf([aBot()]))
  answer('get', '/plans', pageOf([aPlan()]))
})

test('a second press makes no second set of codes', async () => {
  const sent = answer('post', '/promo-codes/generate', { items: [] }, 201)
  const { user } = renderPage('~/promo-codes/generate')
  await user.type(await screen.findByLabelText(/Начало кода/), 'VIP-')
  await user.dblClick(screen.getByRole('button', { name: 'Создать коды' }))
  expect(await screen.findByText('Создано 0 кодов')).toBeVisible()
  expect(sent[0]).toEqual(expect.objectContaining({ code: 'VIP-', count: 20, discount_kind: 'percent' }))
  const keys = sent.map((body) => (body as { idempotence_key: string }).idempotence_key)
  expect(new Set(keys).size).toBe(1)
})

test('a code in Cyrillic is refused with the letters that it may have', async () => {
  const { user } = renderPage('~/promo-codes/new')
  await user.type(await screen.findByLabelText('Код'), 'ВЕСНА')
  await user.click(screen.getByRole('button', { name: 'Создать промокод' }))
  await waitFor(() =>
    expect(screen.getByLabelText('Код')).toHaveAccessibleDescription(/латинские буквы, цифры/),
  )
  expect(screen.getByLabelText('Код')).toHaveValue('ВЕСНА')
})

test('more than a hundred per cent is refused before it is sent', async () => {
  const { user } = renderPage('~/promo-codes/new')
  await user.type(await screen.findByLabelText('Код'), 'SPRING')
  await user.clear(screen.getByLabelText('Процент'))
  await user.type(screen.getByLabelText('Процент'), '120')
  await user.click(screen.getByRole('button', { name: 'Создать промокод' }))
  await waitFor(() => expect(screen.getByLabelText('Процент')).toHaveAccessibleDescription('Не больше 100'))
})

test('a last day before the first one is told before anything is sent', async () => {
  const { user } = renderPage('~/promo-codes/new')
  await user.type(await screen.findByLabelText('Код'), 'SPRING')
  fireEvent.change(screen.getByLabelText(/Первый день/), { target: { value: '2026-12-10' } })
  fireEvent.change(screen.getByLabelText(/Последний день/), { target: { value: '2026-12-09' } })
  await user.click(screen.getByRole('button', { name: 'Создать промокод' }))
  await waitFor(() =>
    expect(screen.getByLabelText(/Последний день/)).toHaveAccessibleDescription(
      'Последний день раньше первого',
    ),
  )
})

test('a code that was changed in another window takes the newest in, keeps what was typed, and is saved again and again', async () => {
  const path = `/promo-codes/${aCode().id}`
  answer('get', path, aCode())
  answer('get', `${path}/uses`, pageOf([]))
  answer('get', `${path}/qr`, {})
  refuse('put', path, 409, { code: 'changed_meanwhile' })
  const { user } = renderPage(`~${path}?tab=terms`)
  const value = await screen.findByLabelText('Процент')
  await user.clear(value)
  await user.type(value, '25')
  answer('get', path, aCode({ code: 'SUMMER', version: 'second' }))
  await user.click(screen.getByRole('button', { name: 'Сохранить' }))
  await user.click(await screen.findByRole('button', { name: 'Загрузить новое, оставив мои правки' }))
  await waitFor(() => expect(screen.getByLabelText('Код')).toHaveValue('SUMMER'))
  expect(value).toHaveValue(25)
  const sent = answer('put', path, aCode({ version: 'third' }))
  await user.click(screen.getByRole('button', { name: 'Сохранить' }))
  await waitFor(() => expect(sent).toHaveLength(1))
  await user.type(value, '{Backspace}')
  await user.click(screen.getByRole('button', { name: 'Сохранить' }))
  await waitFor(() =>
    expect(sent).toEqual([
      expect.objectContaining({ code: 'SUMMER', discount_value: 25, version: 'second' }),
      expect.objectContaining({ code: 'SUMMER', discount_value: 2, version: 'third' }),
    ]),
  )
})
