import { screen, waitFor, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import type { ImportOut } from '@/api'
import { TENANT } from '@/test/cast'
import { CHECKED_IMPORT, IMPORT_ID, IMPORT_ROW, NO_LINES, serveImport } from '@/test/imports'
import { renderPage } from '@/test/render-page'
import { answer } from '@/test/server'

test('it is started by hand after a question, and the lines can be narrowed to one outcome', async () => {
  const asked = serveImport(CHECKED_IMPORT, [IMPORT_ROW])
  const started = answer('post', `/imports/${IMPORT_ID}/start`, { ...CHECKED_IMPORT, status: 'running' }, 202)
  const { user } = renderPage(`~/subscribers/import/${IMPORT_ID}`)
  await user.selectOptions(await screen.findByLabelText('Показать'), 'Ошибка в строке')
  await waitFor(() => expect(asked.at(-1)).toMatchObject({ outcome: 'wrong' }))
  await user.click(screen.getByRole('button', { name: 'Запустить' }))
  const question = await screen.findByRole('alertdialog', { name: 'Дать доступ 3 людям?' })
  expect(question).toHaveTextContent(
    'Тариф «Club», доступ у каждого до своего дня: 31 дек. 2026 г. – 15 февр. 2027 г.',
  )
  expect(question).toHaveTextContent('1 из них войдёт по личной ссылке: её отправляете вы.')
  await user.click(within(question).getByRole('button', { name: 'Отмена' }))
  expect(started).toHaveLength(0)
  await user.click(screen.getByRole('button', { name: 'Запустить' }))
  await user.click(await screen.findByRole('button', { name: 'Дать доступ' }))
  await waitFor(() => expect(started).toHaveLength(1))
  await waitFor(() => expect(screen.queryByRole('alertdialog')).not.toBeInTheDocument())
})

test('before the start the plan, the days and the people are told, and of each line its end', async () => {
  const ends_at = '2027-02-15T21:00:00Z'
  serveImport({ ...CHECKED_IMPORT, first_ends_at: ends_at, last_ends_at: ends_at }, [
    { ...IMPORT_ROW, ends_at, outcome: 'created', problem: '' },
  ])
  const { user } = renderPage(`~/subscribers/import/${IMPORT_ID}`)
  const table = await screen.findByRole('table', { name: 'Строки файла' })
  expect(within(table).getByRole('columnheader', { name: 'Доступ до' })).toBeVisible()
  expect(await within(table).findByText('15 февр. 2027 г.')).toBeVisible()
  const [told] = screen.getAllByRole('definition')
  expect(told).toHaveTextContent('Club')
  expect(screen.getByText('Получат или продлят доступ').nextSibling).toHaveTextContent('3')
  await user.click(screen.getByRole('button', { name: 'Запустить' }))
  expect(await screen.findByRole('alertdialog')).toHaveTextContent('Тариф «Club», доступ до 15 февр. 2027 г.')
})

test('where there is room for nobody the question says so', async () => {
  serveImport({
    ...CHECKED_IMPORT,
    outcomes: { ...NO_LINES, held: 3 },
    held_because: 'limit_reached',
    first_ends_at: null,
    last_ends_at: null,
  })
  const { user } = renderPage(`~/subscribers/import/${IMPORT_ID}`)
  await user.click(await screen.findByRole('button', { name: 'Запустить' }))
  const question = await screen.findByRole('alertdialog', { name: 'Дать доступ, если появилось место?' })
  expect(question).toHaveTextContent('Тариф «Club».')
})

test('a date stands in the report as the file has it, not as the midnight after it', async () => {
  serveImport(CHECKED_IMPORT, [
    { ...IMPORT_ROW, until_at: '2026-12-31T21:00:00Z', outcome: 'created', problem: '' },
  ])
  renderPage(`~/subscribers/import/${IMPORT_ID}`)
  expect(await screen.findByText(/31 дек/)).toBeVisible()
})

test('without anything to do it cannot be started', async () => {
  serveImport({ ...CHECKED_IMPORT, outcomes: { ...NO_LINES, already: 4 } })
  renderPage(`~/subscribers/import/${IMPORT_ID}`)
  expect(await screen.findByRole('button', { name: 'Запустить' })).toBeDisabled()
})

test('who does not fit is told of before the start, with the way to a larger plan', async () => {
  serveImport(
    {
      ...CHECKED_IMPORT,
      outcomes: { ...NO_LINES, created: 2, held: 3, claim: 1 },
      held_because: 'limit_reached',
    },
    [{ ...IMPORT_ROW, outcome: 'held', problem: 'limit_reached', problem_field: null }],
  )
  renderPage(`~/subscribers/import/${IMPORT_ID}`)
  expect(await screen.findByText('Для 3 человек на вашем тарифе LumenPay нет места')).toBeVisible()
  expect(
    screen.getByText(/доступ можно выдать, когда появится место.*Личные ссылки сработают, пока есть место/),
  ).toBeVisible()
  expect(screen.getByRole('link', { name: 'Открыть «Оплату LumenPay»' })).toHaveAttribute(
    'href',
    `/t/${TENANT.id}/settings/billing`,
  )
  expect(await screen.findByText('На тарифе LumenPay нет места для новых подписчиков')).toBeVisible()
  expect(screen.getByRole('button', { name: 'Запустить' })).toBeEnabled()
})

test('the rest of a finished one is given once there is room', async () => {
  const found: ImportOut = {
    ...CHECKED_IMPORT,
    status: 'done',
    outcomes: { ...NO_LINES, created: 2, held: 21 },
    held_because: 'sales_paused',
    can_go_on: true,
  }
  serveImport(found)
  const started = answer('post', `/imports/${IMPORT_ID}/start`, { ...found, status: 'running' }, 202)
  const { user } = renderPage(`~/subscribers/import/${IMPORT_ID}`)
  expect(await screen.findByText('21 человек пока не получит доступ: счёт LumenPay не оплачен')).toBeVisible()
  expect(screen.getByText(/После оплаты нажмите.*Льготные дни для них начнутся тогда же/)).toBeVisible()
  await user.click(screen.getByRole('button', { name: 'Выдать остальным' }))
  await waitFor(() => expect(started).toHaveLength(1))
})

test('claim links of a finished one can be copied, and nothing can be started again', async () => {
  const claim_url = 'https://t.me/club_bot?start=claim_x'
  serveImport({ ...CHECKED_IMPORT, status: 'done' }, [
    { ...IMPORT_ROW, outcome: 'claim', problem: '', claim_url },
  ])
  renderPage(`~/subscribers/import/${IMPORT_ID}`)
  const table = await screen.findByRole('table', { name: 'Строки файла' })
  expect(within(table).getByRole('button', { name: /Скопировать личную ссылку: @vera/ })).toBeInTheDocument()
  expect(within(table).queryByRole('columnheader', { name: 'Доступ до' })).not.toBeInTheDocument()
  expect(screen.queryByRole('button', { name: 'Запустить' })).not.toBeInTheDocument()
})
