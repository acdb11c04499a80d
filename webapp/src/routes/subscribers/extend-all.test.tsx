import { screen, waitFor } from '@testing-library/react'
import { beforeEach, expect, test } from 'vitest'
import type { ExtensionOut } from '@/api'
import { renderPage } from '@/test/render-page'
import { answer, pageOf, refuse, signIn } from '@/test/server'

const EXTENSION: ExtensionOut = {
  id: '00000000-0000-7000-8000-0000000000e1',
  days: 7,
  status: 'queued',
  total_count: null,
  done_count: 0,
  passed_count: 0,
  requested_by: null,
  created_at: '2026-11-20T09:00:00Z',
  finished_at: null,
}

beforeEach(() => {
  answer('get', '/users', { ...pageOf([]), is_total_exact: true })
  answer('get', '/users/tags', { tags: [] })
  answer('get', '/users/sources', { sources: [] })
  answer('get', '/plans', pageOf([]))
  answer('get', '/channels', pageOf([]))
})

test('everybody on the filtered list gets the days once, and how far it is can be seen', async () => {
  signIn()
  answer('get', '/extensions', pageOf([]))
  answer('get', '/extensions/count', { count: 5 })
  const sent = answer('post', '/extensions', EXTENSION, 202)
  answer('get', `/extensions/${EXTENSION.id}`, {
    ...EXTENSION,
    status: 'done',
    total_count: 5,
    done_count: 4,
    passed_count: 1,
  })
  const { user } = renderPage('~/subscribers?state=active&tag=vip')
  await user.click(await screen.findByRole('button', { name: 'Продлить всех' }))
  await user.click(await screen.findByRole('button', { name: '14 дней' }))
  await user.click(screen.getByRole('button', { name: 'Продлить 5 подписок' }))
  expect(await screen.findByText('Продлены 4 подписки.')).toBeVisible()
  expect(screen.getByText('1 подписка закончилась раньше своей очереди и не продлена.')).toBeVisible()
  await waitFor(() => expect(sent).toHaveLength(1))
  const { query, ...rest } = sent[0] as { query: string }
  expect(Object.fromEntries(new URLSearchParams(query))).toEqual({ state: 'active', tag: 'vip' })
  expect(rest).toEqual({ days: 14, idempotence_key: expect.any(String) as string })
})

test('one that runs already is shown and can be stopped', async () => {
  signIn()
  const running = { ...EXTENSION, status: 'running' as const, total_count: 100, done_count: 40 }
  answer('get', '/extensions', pageOf([running]))
  answer('get', '/extensions/count', { count: 5 })
  answer('get', `/extensions/${EXTENSION.id}`, running)
  const stopped = answer('post', `/extensions/${EXTENSION.id}/stop`, { ...running, status: 'stopped' })
  const { user } = renderPage('~/subscribers')
  await user.click(await screen.findByRole('button', { name: 'Продлить всех' }))
  expect(await screen.findByText('40 из 100')).toBeVisible()
  await user.click(screen.getByRole('button', { name: 'Остановить' }))
  await waitFor(() => expect(stopped).toHaveLength(1))
})

test('a list with nobody to extend says so', async () => {
  signIn()
  answer('get', '/extensions', pageOf([]))
  answer('get', '/extensions/count', { count: 0 })
  const { user } = renderPage('~/subscribers')
  await user.click(await screen.findByRole('button', { name: 'Продлить всех' }))
  expect(await screen.findByText(/продлевать нечего/)).toBeVisible()
})

test('a refusal says why', async () => {
  signIn()
  answer('get', '/extensions', pageOf([]))
  answer('get', '/extensions/count', { count: 1 })
  refuse('post', '/extensions', 409, { code: 'extension_running' })
  const { user } = renderPage('~/subscribers')
  await user.click(await screen.findByRole('button', { name: 'Продлить всех' }))
  await user.click(await screen.findByRole('button', { name: 'Продлить 1 подписку' }))
  expect(await screen.findByText(/Уже продлевается другой список/)).toBeVisible()
})
