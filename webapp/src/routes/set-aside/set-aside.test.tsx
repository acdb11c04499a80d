import { screen, waitFor } from '@testing-library/react'
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
