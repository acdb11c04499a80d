import { screen, waitFor } from '@testing-library/react'
import { beforeEach, expect, test } from 'vitest'
import type { ImportColumnsOut } from '@/api'
import { TENANT } from '@/test/cast'
import { CHECKED_IMPORT, IMPORT_ID, IMPORT_ROW, serveImport } from '@/test/imports'
import { renderPage } from '@/test/render-page'
import { answer, refuse, signIn } from '@/test/server'

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

beforeEach(() => {
  answer('post', '/imports/columns', LAYOUT)
})

type User = ReturnType<typeof renderPage>['user']

async function choose(user: User, chosen = file) {
  await user.upload(await screen.findByLabelText('Файл'), chosen)
  await user.click(screen.getByRole('button', { name: 'Дальше' }))
}

const check = (user: User) => user.click(screen.getByRole('button', { name: 'Проверить файл' }))

test('the columns of a chosen file are named, and its report is shown before anything happens', async () => {
  serveImport(CHECKED_IMPORT, [IMPORT_ROW])
  const sent = answer('post', '/imports', CHECKED_IMPORT, 201)
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
    `/api/v1/tenants/${TENANT.id}/imports/${IMPORT_ID}/report`,
  )
})

test('a report leads back to the columns, with what was said of them and the file still there', async () => {
  serveImport(CHECKED_IMPORT, [IMPORT_ROW])
  const sent = answer('post', '/imports', CHECKED_IMPORT, 201)
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
  serveImport(CHECKED_IMPORT)
  const sent = answer('post', '/imports', CHECKED_IMPORT, 201)
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
  serveImport(CHECKED_IMPORT)
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
  serveImport(CHECKED_IMPORT)
  const [first, ...others] = LAYOUT.columns
  const columns = [{ ...first, heading: '41414141' } as (typeof others)[0], ...others]
  answer('post', '/imports/columns', { ...LAYOUT, has_headings: false, columns })
  const sent = answer('post', '/imports', CHECKED_IMPORT, 201)
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
  serveImport(CHECKED_IMPORT, [IMPORT_ROW])
  answer('post', '/imports/columns', { kind: 'telegram', has_headings: true, columns: [] })
  const sent = answer('post', '/imports', CHECKED_IMPORT, 201)
  const { user } = renderPage('~/subscribers/import')
  await choose(user, new File(['{"messages": []}'], 'result.json'))
  expect(await screen.findByText(/Пока ничего не изменилось/)).toBeInTheDocument()
  expect(sent).toHaveLength(1)
})

test('a file that is no list says why beside the field, and without a file nothing is sent', async () => {
  serveImport(CHECKED_IMPORT)
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

test('a helper sees neither the form nor the lines', async () => {
  serveImport(CHECKED_IMPORT)
  signIn('support')
  renderPage('~/subscribers/import')
  expect(await screen.findByText('people.csv')).toBeInTheDocument()
  expect(screen.queryByLabelText('Файл')).not.toBeInTheDocument()
})
