import { screen, waitFor, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import type { ImportOut, ImportRowOut } from '@/api'
import { TENANT, aPlan } from '@/test/cast'
import { renderPage } from '@/test/render-page'
import { answer, pageOf, refuse, signIn } from '@/test/server'

const ID = '00000000-0000-7000-8000-000000000077'
const NONE = { created: 0, extended: 0, already: 0, claim: 0, claimed: 0, repeated: 0, wrong: 0 }
const CHECKED: ImportOut = {
  id: ID,
  bot_id: '00000000-0000-7000-8000-000000000002',
  plan_id: '00000000-0000-7000-8000-000000000003',
  kind: 'csv',
  file_name: 'people.csv',
  grace_days: 7,
  grace_ends_at: null,
  status: 'checked',
  lines: 4,
  done: 1,
  outcomes: { ...NONE, created: 2, claim: 1, wrong: 1 },
  requested_by: null,
  created_at: '2026-11-20T09:00:00Z',
  started_at: null,
  finished_at: null,
}
const ROW: ImportRowOut = {
  line: 5,
  telegram_id: null,
  username: 'vera',
  name: '',
  until_at: null,
  outcome: 'wrong',
  problem: 'date_unreadable',
  is_done: true,
  user_id: null,
  claim_url: null,
}
const file = new File(['telegram_id\n42\n'], 'people.csv', { type: 'text/csv' })

function serve(found: ImportOut, rows: ImportRowOut[] = []) {
  signIn()
  answer('get', '/plans', pageOf([aPlan({ title: 'Club' })]))
  answer('get', '/imports', pageOf([found]))
  answer('get', `/imports/${ID}`, found)
  return answer('get', `/imports/${ID}/rows`, pageOf(rows))
}

test('a chosen file is checked, and its report is shown before anything happens', async () => {
  serve(CHECKED, [ROW])
  const sent = answer('post', '/imports', CHECKED, 201)
  const { user } = renderPage('~/subscribers/import')
  await user.upload(await screen.findByLabelText('Файл'), file)
  await user.click(screen.getByRole('button', { name: 'Проверить файл' }))
  expect(await screen.findByText(/Пока ничего не изменилось/)).toBeInTheDocument()
  expect(sent[0]).toMatchObject({
    file_name: 'people.csv',
    content: btoa('telegram_id\n42\n'),
    grace_days: 7,
  })
  expect(await screen.findByText('Дата не читается')).toBeInTheDocument()
  expect(screen.getByRole('link', { name: 'Скачать отчёт' })).toHaveAttribute(
    'href',
    `/api/v1/tenants/${TENANT.id}/imports/${ID}/report`,
  )
})

test('a file that is no list says why beside the field, and without a file nothing is sent', async () => {
  serve(CHECKED)
  const sent = refuse('post', '/imports', 422, {
    code: 'import_file_invalid',
    fields: { content: 'no_person_column' },
  })
  const { user } = renderPage('~/subscribers/import')
  await user.click(await screen.findByRole('button', { name: 'Проверить файл' }))
  expect(await screen.findByText('Выберите файл')).toBeInTheDocument()
  expect(sent).toHaveLength(0)
  await user.upload(screen.getByLabelText('Файл'), file)
  await user.click(screen.getByRole('button', { name: 'Проверить файл' }))
  expect(await screen.findByText(/нет столбца telegram_id или username/)).toBeInTheDocument()
})

test('it is started by hand, and the lines can be narrowed to one outcome', async () => {
  const asked = serve(CHECKED, [ROW])
  const started = answer('post', `/imports/${ID}/start`, { ...CHECKED, status: 'running' }, 202)
  const { user } = renderPage(`~/subscribers/import/${ID}`)
  await user.selectOptions(await screen.findByLabelText('Показать'), 'Ошибка в строке')
  await waitFor(() => expect(asked.at(-1)).toMatchObject({ outcome: 'wrong' }))
  await user.click(screen.getByRole('button', { name: 'Запустить' }))
  await waitFor(() => expect(started).toHaveLength(1))
})

test('without anything to do it cannot be started', async () => {
  serve({ ...CHECKED, outcomes: { ...NONE, already: 4 } })
  renderPage(`~/subscribers/import/${ID}`)
  expect(await screen.findByRole('button', { name: 'Запустить' })).toBeDisabled()
})

test('claim links of a finished one can be copied, and nothing can be started again', async () => {
  const claim_url = 'https://t.me/club_bot?start=claim_x'
  serve({ ...CHECKED, status: 'done' }, [{ ...ROW, outcome: 'claim', problem: '', claim_url }])
  renderPage(`~/subscribers/import/${ID}`)
  const table = await screen.findByRole('table', { name: 'Строки файла' })
  expect(within(table).getByRole('button', { name: /Скопировать личную ссылку: @vera/ })).toBeInTheDocument()
  expect(screen.queryByRole('button', { name: 'Запустить' })).not.toBeInTheDocument()
})

test('a helper sees neither the form nor the lines', async () => {
  serve(CHECKED)
  signIn('support')
  renderPage('~/subscribers/import')
  expect(await screen.findByText('people.csv')).toBeInTheDocument()
  expect(screen.queryByLabelText('Файл')).not.toBeInTheDocument()
})
