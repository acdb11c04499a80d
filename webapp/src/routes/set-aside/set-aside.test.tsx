import { screen, waitFor, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { renderPage } from '@/test/render-page'
import { answer, pageOf, signIn } from '@/test/server'

test('a job that gave up is named in words and put back to work', async () => {
  signIn()
  const job = {
    id: '00000000-0000-7000-8000-000000000099',
    kind: 'access.deliver',
    queue: 'access',
    attempts: 12,
    last_error: 'telegram_unavailable',
    created_at: '2026-11-20T09:00:00Z',
    finished_at: '2026-11-20T09:00:00Z',
  }
  answer('get', '/bots', pageOf([]))
  answer('get', '/jobs/dead', pageOf([job]))
  answer('get', '/payments/notices', pageOf([]))
  const sent = answer('post', `/jobs/${job.id}/replay`, job, 202)
  const { user } = renderPage('~/settings/set-aside')
  expect(await screen.findByText('Отправить ссылки для входа')).toBeVisible()
  await user.click(screen.getByRole('button', { name: 'Повторить' }))
  await waitFor(() => expect(sent).toHaveLength(1))
})

test('all jobs that gave up are put back to work, after it was said how many of what these are', async () => {
  signIn()
  const job = (number: number, kind: string) => ({
    id: `00000000-0000-7000-8000-0000000000${number}`,
    kind,
    queue: 'access',
    attempts: 12,
    last_error: 'telegram_unavailable',
    created_at: '2026-11-20T09:00:00Z',
    finished_at: '2026-11-20T09:00:00Z',
  })
  answer('get', '/bots', pageOf([]))
  answer('get', '/jobs/dead', pageOf([job(10, 'access.deliver'), job(11, 'access.remove')], 1204))
  answer('get', '/jobs/dead/kinds', {
    kinds: [
      { kind: 'access.deliver', count: 1200 },
      { kind: 'access.remove', count: 4 },
    ],
  })
  answer('get', '/payments/notices', pageOf([]))
  const sent = answer('post', '/jobs/dead/replay', { replayed: 1204, limit: 5000 }, 202)
  const { user } = renderPage('~/settings/set-aside')
  await user.click(await screen.findByRole('button', { name: 'Повторить все' }))
  const dialog = await screen.findByRole('alertdialog', { name: /Повторить 1\s204 задания\?/ })
  expect(within(dialog).getByText('Отправить ссылки для входа').closest('li')).toHaveTextContent(/1\s200$/)
  expect(sent).toHaveLength(0)
  await user.click(within(dialog).getByRole('button', { name: 'Повторить' }))
  expect(await screen.findByText(/Повторяем 1\s204 задания/)).toBeVisible()
  expect(sent).toEqual([{}])
})

test('for a single job there is its own button alone', async () => {
  signIn()
  const job = {
    id: '00000000-0000-7000-8000-000000000099', kind: 'access.deliver', queue: 'access', attempts: 12, last_error: '',
    created_at: '2026-11-20T09:00:00Z', finished_at: '2026-11-20T09:00:00Z',
  } // prettier-ignore
  answer('get', '/bots', pageOf([]))
  answer('get', '/jobs/dead', pageOf([job]))
  answer('get', '/payments/notices', pageOf([]))
  renderPage('~/settings/set-aside')
  expect(await screen.findByRole('button', { name: 'Повторить' })).toBeVisible()
  expect(screen.queryByRole('button', { name: 'Повторить все' })).not.toBeInTheDocument()
})
