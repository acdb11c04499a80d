import { screen, waitFor, within } from '@testing-library/react'
import { beforeEach, expect, test } from 'vitest'
import { AT, TENANT } from '@/test/cast'
import { renderPage } from '@/test/render-page'
import { answer, refuse, signIn } from '@/test/server'

const OFF = { months: null, starts_at: null, began_at: null }
const WAITING = { months: 12, starts_at: '2031-03-04T09:00:00Z', began_at: null }

beforeEach(() => signIn())

async function findCard() {
  return within(await screen.findByRole('region', { name: 'Давно ушедшие' }))
}

test('before it is switched on, one sees what goes, what stays and how many people it is about', async () => {
  answer('get', '/forgetting-rule', OFF)
  const asked = answer('get', '/forgetting-rule/people', { people: 32, is_exact: true })
  const sent = answer('put', '/forgetting-rule', WAITING)
  const { user } = renderPage('~/settings/general')
  const card = await findCard()
  expect(await card.findByText('Сейчас никого не забываем.')).toBeVisible()
  expect(card.getByText(/суммы и даты платежей.*без имён/)).toBeVisible()
  expect(card.queryByRole('button')).not.toBeInTheDocument()
  const choice = card.getByLabelText('Забывать, если человека не видно')
  expect(choice).toHaveDisplayValue('Никогда')
  await user.selectOptions(choice, 'год')
  await waitFor(() => expect(card.getByRole('status')).toHaveTextContent('попадают 32 человека'))
  answer('get', '/forgetting-rule', WAITING)
  await user.click(card.getByRole('button', { name: 'Включить через неделю' }))
  expect(await card.findByText(/Начнём не раньше 4 мар/)).toBeVisible()
  expect(asked[0]).toEqual({ months: '12' })
  expect(sent).toEqual([{ months: 12 }])
  expect(card.queryByRole('button')).not.toBeInTheDocument()
})

test('another choice is counted anew, and never shown with the figure of the one before', async () => {
  answer('get', '/forgetting-rule', OFF)
  answer('get', '/forgetting-rule/people', { people: 10_000, is_exact: false })
  const { user } = renderPage('~/settings/general')
  const card = await findCard()
  const choice = await card.findByLabelText('Забывать, если человека не видно')
  await user.selectOptions(choice, 'полгода')
  await waitFor(() => expect(card.getByRole('status')).toHaveTextContent(/больше 10\s000 человек/))
  refuse('get', '/forgetting-rule/people', 404, {})
  await user.selectOptions(choice, '3 года')
  expect(card.getByRole('status')).not.toHaveTextContent('10')
  await waitFor(() => expect(card.getByRole('status')).toHaveTextContent('Не получилось посчитать'))
})

test('while it waits it can be switched off, and what runs says so', async () => {
  answer('get', '/forgetting-rule', { ...WAITING, began_at: AT })
  answer('get', '/forgetting-rule/people', { people: 0, is_exact: true })
  const sent = answer('put', '/forgetting-rule', OFF)
  const { user } = renderPage('~/settings/general')
  const card = await findCard()
  expect(await card.findByText('Каждый день забываем тех, кого не видно год и дольше.')).toBeVisible()
  expect(await card.findByText('Сейчас таких людей нет.')).toBeVisible()
  expect(card.getByRole('link', { name: 'Кого уже забыли' })).toHaveAttribute(
    'href',
    `/t/${TENANT.id}/subscribers/erasures?asked=system`,
  )
  await user.selectOptions(card.getByLabelText('Забывать, если человека не видно'), 'Никогда')
  answer('get', '/forgetting-rule', OFF)
  await user.click(card.getByRole('button', { name: 'Выключить' }))
  expect(await card.findByText('Сейчас никого не забываем.')).toBeVisible()
  expect(sent).toEqual([{ months: null }])
})

test('who is no owner sees the rule and cannot change it', async () => {
  signIn('manager')
  answer('get', '/forgetting-rule', WAITING)
  renderPage('~/settings/general')
  const card = await findCard()
  expect(await card.findByText(/Начнём не раньше/)).toBeVisible()
  expect(card.queryByLabelText('Забывать, если человека не видно')).not.toBeInTheDocument()
})
