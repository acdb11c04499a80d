import { screen, waitFor, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import type { ImportColumnsOut, ImportOut, ImportRowOut } from '@/api'
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
  columns: [
    { column: 1, heading: 'Клиент №', field: 'telegram_id', wrong: 0 },
    { column: 3, heading: 'Срок', field: 'ends_at', wrong: 2 },
  ],
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
  problem_field: 'ends_at',
  is_done: true,
  user_id: null,
  claim_url: null,
}
const LAYOUT: ImportColumnsOut = {
  kind: 'csv',
  has_headings: true,
  columns: [
    { column: 1, heading: 'Клиент №', samples: ['42', '43'], field: null, date_hint: null },
    { column: 2, heading: 'Имя', samples: ['Анна'], field: 'name', date_hint: null },
    { column: 3, heading: 'Срок', samples: ['12/31/2026'], field: 'ends_at', date_hint: 'month_first' },
  ],
}
const file = new File(['telegram_id\n42\n'], 'people.csv', { type: 'text/csv' })

function serve(found: ImportOut, rows: ImportRowOut[] = []) {
  signIn()
  answer('get', '/plans', pageOf([aPlan({ title: 'Club' })]))
  answer('get', '/imports', pageOf([found]))
  answer('get', `/imports/${ID}`, found)
  answer('post', '/imports/columns', LAYOUT)
  return answer('get', `/imports/${ID}/rows`, pageOf(rows))
}

type User = ReturnType<typeof renderPage>['user']

async function choose(user: User, chosen = file) {
  await user.upload(await screen.findByLabelText('Файл'), chosen)
  await user.click(screen.getByRole('button', { name: 'Дальше' }))
}

const check = (user: User) => user.click(screen.getByRole('button', { name: 'Проверить файл' }))

test('the columns of a chosen file are named, and its report is shown before anything happens', async () => {
  serve(CHECKED, [ROW])
  const sent = answer('post', '/imports', CHECKED, 201)
  const { user } = renderPage('~/subscribers/import')
  await choose(user)
  expect(await screen.findByLabelText('Имя')).toHaveValue('name')
  expect(screen.getByLabelText('Срок')).toHaveValue('ends_at')
  expect(screen.getByLabelText('Как записаны даты')).toHaveValue('month_first')
  const unknown = screen.getByLabelText('Клиент №')
  expect(unknown).toHaveValue('')
  expect(unknown).toHaveAccessibleDescription(/42 43/)
  await user.selectOptions(unknown, 'Telegram ID')
  const name = screen.getByLabelText('Имя')
  await user.selectOptions(name, 'Telegram ID')
  expect(name).toHaveAccessibleDescription(/Не похоже на Telegram ID/)
  await user.selectOptions(name, 'Не загружать')
  await check(user)
  expect(await screen.findByText(/Пока ничего не изменилось/)).toBeInTheDocument()
  expect(sent[0]).toMatchObject({
    file_name: 'people.csv',
    content: btoa('telegram_id\n42\n'),
    grace_days: 7,
    has_headings: true,
    date_order: 'month_first',
    columns: [
      { column: 1, field: 'telegram_id' },
      { column: 2, field: null },
      { column: 3, field: 'ends_at' },
    ],
  })
  expect(await screen.findByText('Дата не читается, столбец «Срок»')).toBeInTheDocument()
  expect(screen.getByText('Срок (До какого дня доступ): не читается в 2 строках')).toBeInTheDocument()
  expect(screen.getByRole('link', { name: 'Скачать отчёт' })).toHaveAttribute(
    'href',
    `/api/v1/tenants/${TENANT.id}/imports/${ID}/report`,
  )
})

test('a report leads back to the columns, with what was said of them and the file still there', async () => {
  serve(CHECKED, [ROW])
  const sent = answer('post', '/imports', CHECKED, 201)
  const { user } = renderPage('~/subscribers/import')
  await choose(user)
  await user.selectOptions(await screen.findByLabelText('Клиент №'), 'Telegram ID')
  await check(user)
  await user.click(await screen.findByRole('link', { name: 'Изменить столбцы' }))
  expect(await screen.findByLabelText('Клиент №')).toHaveValue('telegram_id')
  await user.click(screen.getByRole('button', { name: 'Назад' }))
  expect(await screen.findByText('people.csv', { selector: 'span' })).toBeVisible()
  await user.click(screen.getByRole('button', { name: 'Дальше' }))
  expect(await screen.findByLabelText('Клиент №')).toHaveValue('telegram_id')
  await check(user)
  await waitFor(() => expect(sent).toHaveLength(2))
})

test('without a column of persons, or with one thing twice, nothing is sent and the words stand at the column', async () => {
  serve(CHECKED)
  const sent = answer('post', '/imports', CHECKED, 201)
  const { user } = renderPage('~/subscribers/import')
  await choose(user)
  await screen.findByLabelText('Клиент №')
  await check(user)
  expect(await screen.findByRole('alert')).toHaveTextContent(/в котором Telegram ID или username/)
  await user.selectOptions(screen.getByLabelText('Клиент №'), 'Telegram ID')
  const name = screen.getByLabelText('Имя')
  await user.selectOptions(name, 'Telegram ID')
  await check(user)
  await waitFor(() => expect(name).toHaveAccessibleDescription(/Уже выбрано для столбца «Клиент №»/))
  expect(sent).toHaveLength(0)
})

test('what the server says of a column stands at that column', async () => {
  serve(CHECKED)
  refuse('post', '/imports', 422, {
    code: 'import_columns_invalid',
    fields: { 'columns.0.field': 'field_chosen_twice' },
  })
  const { user } = renderPage('~/subscribers/import')
  await choose(user)
  const unknown = await screen.findByLabelText('Клиент №')
  await user.selectOptions(unknown, 'Username')
  await check(user)
  await waitFor(() => expect(unknown).toHaveAccessibleDescription(/Это уже выбрано для другого столбца/))
})

test('a file that begins with a person keeps that one', async () => {
  serve(CHECKED)
  const [first, ...others] = LAYOUT.columns
  const columns = [{ ...first, heading: '41414141' } as (typeof others)[0], ...others]
  answer('post', '/imports/columns', { ...LAYOUT, has_headings: false, columns })
  const sent = answer('post', '/imports', CHECKED, 201)
  const { user } = renderPage('~/subscribers/import')
  await choose(user)
  const unnamed = await screen.findByLabelText('Столбец 1')
  expect(unnamed).toHaveAccessibleDescription(/41414141 42 43/)
  expect(screen.getByRole('switch', { name: 'В первой строке заголовки' })).not.toBeChecked()
  await user.selectOptions(unnamed, 'Telegram ID')
  await check(user)
  await waitFor(() => expect(sent[0]).toMatchObject({ has_headings: false }))
})

test('a Telegram export has no columns to name', async () => {
  serve(CHECKED, [ROW])
  answer('post', '/imports/columns', { kind: 'telegram', has_headings: true, columns: [] })
  const sent = answer('post', '/imports', CHECKED, 201)
  const { user } = renderPage('~/subscribers/import')
  await choose(user, new File(['{"messages": []}'], 'result.json'))
  expect(await screen.findByText(/Пока ничего не изменилось/)).toBeInTheDocument()
  expect(sent).toHaveLength(1)
})

test('a file that is no list says why beside the field, and without a file nothing is sent', async () => {
  serve(CHECKED)
  const sent = refuse('post', '/imports/columns', 422, {
    code: 'import_file_invalid',
    fields: { content: 'unreadable' },
  })
  const { user } = renderPage('~/subscribers/import')
  await user.click(await screen.findByRole('button', { name: 'Дальше' }))
  expect(await screen.findByText('Выберите файл')).toBeInTheDocument()
  expect(sent).toHaveLength(0)
  await user.upload(screen.getByLabelText('Файл'), file)
  await user.click(screen.getByRole('button', { name: 'Дальше' }))
  expect(await screen.findByText(/Файл не читается/)).toBeInTheDocument()
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

test('a date stands in the report as the file has it, not as the midnight after it', async () => {
  serve(CHECKED, [{ ...ROW, until_at: '2026-12-31T21:00:00Z', outcome: 'created', problem: '' }])
  renderPage(`~/subscribers/import/${ID}`)
  expect(await screen.findByText(/31 дек/)).toBeVisible()
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
