import { screen, waitFor } from '@testing-library/react'
import { beforeEach, expect, test } from 'vitest'
import { aPlan, aUser, id } from '@/test/cast'
import { renderPage } from '@/test/render-page'
import { answer, pageOf, refuse, signIn } from '@/test/server'

beforeEach(() => {
  signIn()
  answer('get', '/plans', pageOf([aPlan()]))
  answer('get', '/channels', pageOf([]))
  answer('get', '/users/tags', { tags: [] })
  answer('get', '/users/sources', { sources: ['vk', 'ref'] })
})

test('the list is narrowed by a source and by the days of coming, and its address says so', async () => {
  const asked = answer('get', '/users', pageOf([]))
  const { user, location } = renderPage('~/subscribers')
  await user.click(await screen.findByRole('button', { name: 'Ещё фильтры' }))
  await user.selectOptions(await screen.findByLabelText('Источник'), 'Приглашение подписчика')
  await user.type(screen.getByLabelText('Появились: С'), '2026-03-01')
  await user.type(screen.getByLabelText('Появились: По'), '2026-03-31')
  const dates = { created_from: '2026-02-28T21:00:00.000Z', created_until: '2026-03-31T21:00:00.000Z' }
  await waitFor(() => expect(asked.at(-1)).toMatchObject({ source: 'ref', ...dates }))
  expect(location().search).toBe('?source=ref&came_from=2026-03-01&came_until=2026-03-31')
})

test('what is not offered any more is shown, and can be taken away', async () => {
  const asked = answer('get', '/users', pageOf([]))
  refuse('get', '/users/sources', 503, { code: 'unavailable' })
  const { user } = renderPage(`~/subscribers?source=gone&plan=${id(404)}`)
  await user.selectOptions(await screen.findByLabelText('Источник'), '')
  await user.selectOptions(screen.getByLabelText('Тариф'), '')
  await waitFor(() => expect(asked.at(-1)).not.toHaveProperty('source'))
  expect(asked.at(-1)).not.toHaveProperty('plan_id')
})

test('a campaign is called as its owner calls it, and who came by no link can be asked for', async () => {
  const asked = answer('get', '/users', pageOf([aUser({ source: 'vk' })]))
  const named = (name: string, bot: number) => ({ bot_id: id(bot), source: 'vk', name })
  answer('get', '/campaigns/names', {
    names: [named('Посты ВК', 2), named('ВК летом', 3), named('Посты ВК', 4)],
  })
  const { user, location } = renderPage('~/subscribers')
  const name = await screen.findByText('Посты ВК / ВК летом')
  expect(name).toHaveAttribute('title', 'Посты ВК / ВК летом (vk)')
  await user.click(screen.getByRole('button', { name: 'Ещё фильтры' }))
  const filter = await screen.findByLabelText('Источник')
  await user.selectOptions(filter, 'Посты ВК / ВК летом (vk)')
  await waitFor(() => expect(asked.at(-1)).toMatchObject({ source: 'vk' }))
  await user.selectOptions(filter, 'Без источника')
  await waitFor(() => expect(asked.at(-1)).toMatchObject({ has_source: 'false' }))
  expect(asked.at(-1)).not.toHaveProperty('source')
  expect(location().search).toBe('?sourced=no')
  await user.selectOptions(filter, 'Приглашение подписчика')
  await waitFor(() => expect(asked.at(-1)).toMatchObject({ source: 'ref' }))
  expect(asked.at(-1)).not.toHaveProperty('has_source')
})
