import { screen, waitFor } from '@testing-library/react'
import { beforeEach, expect, test } from 'vitest'
import { aBot, aPlan } from '@/test/cast'
import { renderPage } from '@/test/render-page'
import { answer, pageOf, signIn } from '@/test/server'

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

test('more than a hundred per cent is refused before it is sent', async () => {
  const { user } = renderPage('~/promo-codes/new')
  await user.type(await screen.findByLabelText('Код'), 'SPRING')
  await user.clear(screen.getByLabelText('Процент'))
  await user.type(screen.getByLabelText('Процент'), '120')
  await user.click(screen.getByRole('button', { name: 'Создать промокод' }))
  await waitFor(() => expect(screen.getByLabelText('Процент')).toHaveAccessibleDescription('Не больше 100'))
})
