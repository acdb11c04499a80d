import { screen, waitFor, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import type { ControlPlaneAuditSchemasEventOut as EventOut } from '@/api'
import { ME, TENANT } from '@/test/cast'
import { renderPage } from '@/test/render-page'
import { answer, pageOf, signIn } from '@/test/server'

const AT = '2026-11-20T09:00:00Z'
const EVENT: EventOut = {
  id: 'event', actor: { kind: 'admin', id: ME.id, name: 'Alice' }, action: 'member.role_changed',
  subject_id: '00000000-0000-7000-8000-000000000009', details: { role: 'analyst' }, created_at: AT,
} // prettier-ignore

test('the log is narrowed by the URL, read with its details, and goes on to older entries', async () => {
  signIn()
  answer('get', '/members', pageOf([]))
  const asked = answer('get', '/audit-events', { items: [EVENT], next_cursor: 'older' })
  const { user, location } = renderPage('~/settings/audit?kind=admin&action=member.&from=2026-11-01')
  await user.click(await screen.findByRole('button', { name: 'Подробности: Роль изменена' }))
  expect(within(screen.getByRole('dialog')).getByText('analyst')).toBeVisible()
  expect(asked[0]).toMatchObject({
    actor_kind: 'admin', action: 'member.', created_from: '2026-10-31T21:00:00.000Z',
  }) // prettier-ignore
  await user.click(screen.getByRole('button', { name: 'Показать всё об этом объекте' }))
  await waitFor(() => expect(asked.at(-1)).toMatchObject({ subject_id: EVENT.subject_id }))
  await user.click(screen.getByRole('button', { name: 'Старше' }))
  await waitFor(() => expect(asked.at(-1)).toMatchObject({ after: 'older', subject_id: EVENT.subject_id }))
  expect(location().search).toContain('after=older')
})

test('support sees when staff looked, and a suspended tenant says why', async () => {
  signIn('support')
  answer('get', '', {
    ...TENANT, role: 'support', suspended_at: AT, suspension_reason: 'Жалобы покупателей',
    impersonation: { id: 'view', staff_name: 'Ольга', reason: 'Обращение 42', started_at: AT, ends_at: AT },
  }) // prettier-ignore
  answer('get', '/impersonations', {
    items: [{ id: 'view', staff_name: 'Ольга', reason: 'Обращение 42', started_at: AT, ends_at: AT, ended_at: null }],
    next_cursor: null,
  }) // prettier-ignore
  renderPage('~/settings/audit')
  expect(await screen.findByText('смотрит сейчас')).toBeVisible()
  expect(screen.queryByRole('tab')).not.toBeInTheDocument()
  expect(screen.getByText('Проект смотрит сотрудник платформы: Ольга')).toBeVisible()
  expect(screen.getByText(/Жалобы покупателей/)).toBeVisible()
})
