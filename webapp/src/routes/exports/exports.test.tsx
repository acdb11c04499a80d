import { screen, waitFor } from '@testing-library/react'
import { expect, test } from 'vitest'
import type { ExportOut } from '@/api'
import { renderPage } from '@/test/render-page'
import { answer, pageOf, signIn } from '@/test/server'

const FILE: ExportOut = {
  id: '00000000-0000-7000-8000-000000000066',
  kind: 'subscribers',
  format: 'xlsx',
  status: 'queued',
  columns: ['telegram_id'],
  time_zone: 'Europe/Moscow',
  rows_done: 0,
  rows_total: null,
  size_bytes: 0,
  problem: '',
  file_name: 'subscribers.xlsx',
  requested_by: null,
  created_at: '2026-11-20T09:00:00Z',
  finished_at: null,
  expires_at: '2026-11-21T09:00:00Z',
}

test('a file has the rows that the filtered list shows, and can be downloaded once it is ready', async () => {
  signIn()
  answer('get', '/users', { ...pageOf([]), is_total_exact: true })
  answer('get', '/users/tags', { tags: [] })
  answer('get', '/plans', pageOf([]))
  answer('get', '/channels', pageOf([]))
  answer('get', '/exports/columns', {
    subscribers: [{ name: 'telegram_id', title_ru: 'Telegram ID', title_en: 'Telegram ID' }],
    payments: [],
  })
  const sent = answer('post', '/exports', FILE, 202)
  answer('get', `/exports/${FILE.id}`, { ...FILE, status: 'done', rows_done: 5, rows_total: 5 })
  const { user } = renderPage('~/subscribers?state=active&search=Борис')
  await user.click(await screen.findByRole('button', { name: 'Выгрузить' }))
  await user.click(await screen.findByRole('button', { name: 'Подготовить файл' }))
  expect(await screen.findByRole('link', { name: 'Скачать' })).toHaveAttribute(
    'href',
    expect.stringContaining(`/exports/${FILE.id}/file`),
  )
  await waitFor(() => expect(sent).toHaveLength(1))
  expect(sent[0]).toEqual({
    kind: 'subscribers',
    format: 'xlsx',
    time_zone: 'Europe/Moscow',
    columns: ['telegram_id'],
    query: new URLSearchParams({ search: 'Борис', state: 'active' }).toString(),
  })
})

test('the owner has everything of the project written into an archive and takes it', async () => {
  signIn()
  const whole: ExportOut = {
    ...FILE,
    kind: 'whole',
    format: 'csv_semicolon',
    columns: [],
    file_name: 'project.zip',
  }
  answer('get', '/exports', pageOf([]))
  const sent = answer('post', '/exports/whole', whole, 202)
  answer('get', `/exports/${whole.id}`, { ...whole, status: 'done', rows_done: 900, rows_total: 900 })
  const { user } = renderPage('~/exports')
  await user.click(await screen.findByRole('button', { name: 'Выгрузить всё' }))
  await user.click(await screen.findByRole('button', { name: 'Подготовить архив' }))
  expect(await screen.findByRole('link', { name: 'Скачать' })).toHaveAttribute(
    'href',
    expect.stringContaining(`/exports/whole/${whole.id}/file`),
  )
  expect(sent).toEqual([{ format: 'csv_semicolon', time_zone: 'Europe/Moscow' }])
})

test('a manager sees that there is an archive and is offered none', async () => {
  signIn('manager')
  const files: ExportOut[] = [
    { ...FILE, kind: 'whole', status: 'done', file_name: 'project.zip' },
    { ...FILE, id: '00000000-0000-7000-8000-000000000067', status: 'done' },
  ]
  answer('get', '/exports', pageOf(files))
  renderPage('~/exports')
  expect(await screen.findByText('Весь проект')).toBeVisible()
  expect(screen.getAllByRole('link', { name: /Скачать/ })).toHaveLength(1)
  expect(screen.getByRole('link', { name: 'Скачать subscribers.xlsx' })).toBeVisible()
  expect(screen.queryByRole('button', { name: 'Выгрузить всё' })).not.toBeInTheDocument()
})
