import { screen, waitFor, within } from '@testing-library/react'
import { beforeEach, expect, test } from 'vitest'
import { AT, TENANT, aUser } from '@/test/cast'
import { renderPage } from '@/test/render-page'
import { answer, pageOf, refuse, signIn } from '@/test/server'

const DAY = 86_400_000
const later = (days: number) => new Date(Date.now() + days * DAY).toISOString()
const closing = (removal_at: string, role = TENANT.role) => ({
  ...TENANT, role, impersonation: null, closing_asked_at: AT, removal_at,
}) // prettier-ignore

beforeEach(() => {
  signIn()
  answer('get', '/forgetting-rule', { months: null, starts_at: null, began_at: null })
  answer('get', '/users', pageOf([aUser()], 31))
  answer('get', '/billing', { is_billed: true, is_renewing: true, plans: [], uses: [] })
})

test('a project is closed from its settings once its name is typed, after what to do first was said', async () => {
  const sent = answer('post', '/close', closing(later(30)), 202)
  const { user, location } = renderPage('~/settings/general')
  const zone = await screen.findByRole('region', { name: 'Опасная зона' })
  await user.click(within(zone).getByRole('link', { name: 'Закрыть проект…' }))
  expect(await screen.findByText(/Доступ сейчас есть у 31 человека/)).toBeVisible()
  expect(location().pathname).toMatch(/\/settings\/closing$/)
  expect(await screen.findByRole('link', { name: /Отменить подписку на LumenPay/ })).toBeVisible()
  await user.click(screen.getByRole('button', { name: 'Закрыть проект…' }))
  const dialog = await screen.findByRole('alertdialog')
  const submit = within(dialog).getByRole('button', { name: 'Закрыть проект' })
  expect(submit).toBeDisabled()
  await user.type(within(dialog).getByRole('textbox'), TENANT.name)
  await user.click(submit)
  await waitFor(() => expect(screen.queryByRole('alertdialog')).not.toBeInTheDocument())
  expect(sent).toEqual([{ name: TENANT.name }])
})

test('who still pays for LumenPay is told to cancel that first', async () => {
  refuse('post', '/close', 409, { code: 'still_billed' })
  const { user } = renderPage('~/settings/closing')
  await user.click(await screen.findByRole('button', { name: 'Закрыть проект…' }))
  await user.type(await screen.findByRole('textbox'), TENANT.name)
  await user.click(screen.getByRole('button', { name: 'Закрыть проект' }))
  expect(await screen.findByText(/Сначала отмените её/)).toBeVisible()
})

test('whose subscription to LumenPay is cancelled already is not told to cancel it', async () => {
  answer('get', '/billing', { is_billed: true, is_renewing: false, plans: [], uses: [] })
  renderPage('~/settings/closing')
  expect(await screen.findByText(/Доступ сейчас есть у 31 человека/)).toBeVisible()
  expect(screen.getByText('Забрать свои данные')).toBeVisible()
  expect(screen.queryByRole('link', { name: /Отменить подписку на LumenPay/ })).not.toBeInTheDocument()
})

test('on every page of a closing project the owner is told until when, and calls it off', async () => {
  answer('get', '', closing(later(12)))
  answer('get', '/plans', pageOf([]))
  answer('get', '/channels', pageOf([]))
  answer('get', '/bots', pageOf([]))
  const sent = answer('post', '/keep', TENANT)
  const { user } = renderPage('~/plans')
  expect(await screen.findByText(/Проект закрывается: .* он будет удалён/)).toBeVisible()
  expect(screen.getByRole('link', { name: 'Подробнее' })).toHaveAttribute(
    'href',
    expect.stringContaining('/settings/closing'),
  )
  // What the server would refuse is not offered.
  expect(screen.queryByRole('link', { name: 'Новый тариф' })).not.toBeInTheDocument()
  await user.click(screen.getByRole('button', { name: 'Отменить закрытие' }))
  await waitFor(() => expect(sent).toHaveLength(1))
})

test('what belongs to the leaving is offered until it is over', async () => {
  answer('get', '', closing(later(12)))
  renderPage('~/settings/closing')
  const card = await screen.findByRole('region', { name: 'Проект закрывается' })
  expect(within(card).getByRole('button', { name: 'Выгрузить всё' })).toBeVisible()
  expect(within(card).getByRole('link', { name: 'Выгрузки' })).toBeVisible()
  expect(within(card).getByRole('button', { name: 'Отменить закрытие' })).toBeVisible()
  expect(screen.queryByRole('button', { name: 'Закрыть проект…' })).not.toBeInTheDocument()
})

test('once its time is over nothing can be called off any more', async () => {
  answer('get', '', closing(later(-1)))
  renderPage('~/settings/closing')
  expect(await screen.findByText(/Отменить закрытие уже нельзя: часть данных/)).toBeVisible()
  expect(screen.queryByRole('button', { name: 'Отменить закрытие' })).not.toBeInTheDocument()
})

test('a manager sees that the project is being closed and can neither close nor keep it', async () => {
  signIn('manager')
  answer('get', '', closing(later(12), 'manager'))
  renderPage('~/settings/closing')
  expect(await screen.findByText(/Отменить закрытие может только владелец/)).toBeVisible()
  expect(screen.queryByRole('button', { name: 'Отменить закрытие' })).not.toBeInTheDocument()
})
