import { screen, waitFor, within } from '@testing-library/react'
import { beforeEach, expect, test } from 'vitest'
import type { PlanChangeOut } from '@/api'
import { aChannel, aPlan, aUser } from '@/test/cast'
import { renderPage } from '@/test/render-page'
import { answer, pageOf, refuse, signIn } from '@/test/server'

const AT = '2026-11-20T09:00:00Z'
const END = '2099-01-01T00:00:00Z'
const SUBSCRIPTION = '00000000-0000-7000-8000-000000000077'
const DEARER: PlanChangeOut = {
  plan_id: '00000000-0000-7000-8000-0000000000c1',
  plan_title: 'Клуб плюс',
  credit: { amount_minor: 33_000, currency: 'RUB' },
  kept_seconds: 864_000,
  own_amount: { amount_minor: 66_000, currency: 'RUB' },
  by_value_ends_at: '2098-12-27T00:00:00Z',
  same_end_ends_at: END,
  opened_channel_ids: [aChannel().id],
  closed_channel_ids: [],
}
const FOR_EVER: PlanChangeOut = {
  ...DEARER,
  plan_id: '00000000-0000-7000-8000-0000000000c2',
  plan_title: 'Навсегда',
  by_value_ends_at: null,
  opened_channel_ids: [],
  closed_channel_ids: [aChannel().id],
}

function openPage(status: 'active' | 'paused' | 'expired' = 'active') {
  const until = status === 'paused' ? END : null
  answer('get', `/users/${aUser().id}`, {
    ...aUser(),
    tags: [],
    is_inside: true,
    autopays: [],
    memberships: [],
    paid: [],
    changed_to: status === 'expired' ? { [SUBSCRIPTION]: 'Клуб плюс' } : {},
    subscriptions: [
      {
        id: SUBSCRIPTION,
        plan_id: aPlan().id,
        plan_title: 'Месяц',
        status,
        starts_at: AT,
        ends_at: END,
        access_ends_at: END,
        paused_until_at: until,
      },
    ],
  })
  return renderPage(`~/subscribers/${aUser().id}`)
}

beforeEach(() => {
  signIn()
  answer('get', '/users/tags', { tags: [] })
  answer('get', '/plans', pageOf([aPlan()]))
  answer('get', '/channels', pageOf([aChannel()]))
  answer('get', '/members', pageOf([]))
  answer('get', `/users/${aUser().id}/timeline`, { items: [], next_cursor: null })
})

test('what a change comes to is shown before it is made, once for one dialog', async () => {
  answer('get', `/subscriptions/${SUBSCRIPTION}/plan-changes`, { refusal: null, items: [DEARER, FOR_EVER] })
  const sent = answer('post', `/subscriptions/${SUBSCRIPTION}/change-plan`, {})
  const { user } = openPage()
  await user.click(await screen.findByRole('button', { name: 'Сменить тариф' }))
  const dialog = within(await screen.findByRole('dialog', { name: 'Сменить тариф «Месяц»' }))
  expect(await dialog.findByText(/Новый тариф — до 27 дек. 2098/)).toBeVisible()
  expect(dialog.getByText(/стоит 330/)).toBeVisible()
  expect(dialog.getByText(/доплатил бы 660/)).toBeVisible()
  expect(await dialog.findByText(`Откроется: ${aChannel().title}`)).toBeVisible()
  await user.selectOptions(dialog.getByLabelText('Новый тариф'), 'Навсегда')
  // Nothing can be reckoned by price there.
  expect(dialog.getByLabelText('Что станет с оставшимся временем')).toHaveDisplayValue(
    'Оставить тот же конец',
  )
  expect(await dialog.findByText(`Закроется: ${aChannel().title}`)).toBeVisible()
  await user.dblClick(dialog.getByRole('button', { name: 'Сменить тариф' }))
  await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument())
  expect(sent).toEqual([
    { plan_id: FOR_EVER.plan_id, time: 'same_end', idempotence_key: expect.any(String) as string },
  ])
})

test('a refusal is said in words', async () => {
  answer('get', `/subscriptions/${SUBSCRIPTION}/plan-changes`, { refusal: null, items: [DEARER] })
  refuse('post', `/subscriptions/${SUBSCRIPTION}/change-plan`, 409, { code: 'plan_change_refused' })
  const { user } = openPage()
  await user.click(await screen.findByRole('button', { name: 'Сменить тариф' }))
  const dialog = within(await screen.findByRole('dialog'))
  await user.click(await dialog.findByRole('button', { name: 'Сменить тариф' }))
  expect(await dialog.findByText('Сменить на этот тариф сейчас нельзя.')).toBeVisible()
})

test('without another plan there is nothing to choose', async () => {
  answer('get', `/subscriptions/${SUBSCRIPTION}/plan-changes`, { refusal: null, items: [] })
  const { user } = openPage()
  await user.click(await screen.findByRole('button', { name: 'Сменить тариф' }))
  expect(await screen.findByText('Других тарифов у этого бота нет.')).toBeVisible()
})

test('a paused subscription has no such button', async () => {
  openPage('paused')
  expect(await screen.findByRole('button', { name: 'Продолжить' })).toBeVisible()
  expect(screen.queryByRole('button', { name: 'Сменить тариф' })).not.toBeInTheDocument()
})

test('a subscription that ended by a change says which plan took its place', async () => {
  openPage('expired')
  expect(await screen.findByText('Сменена на «Клуб плюс»')).toBeVisible()
  expect(screen.queryByText('Закончилась')).not.toBeInTheDocument()
})

test('the timeline tells which plans, what was credited, and that the subscriber did it', async () => {
  openPage()
  const change = { kind: 'paid', credit_minor: 33_000, currency: 'RUB' }
  const told = { actor_kind: 'user', actor_id: aUser().id, plan_before: 'Месяц', plan: 'Клуб плюс' }
  const happening = { at: AT, source: 'audit', id: SUBSCRIPTION, action: 'subscription.plan_changed' }
  answer('get', `/users/${aUser().id}/timeline`, {
    items: [
      { ...happening, details: { ...told, change } },
      { ...happening, id: aPlan().id, details: { ...told, change: { ...change, kind: 'same_end' } } },
    ],
    next_cursor: null,
  })
  expect(await screen.findByText(/«Месяц» → «Клуб плюс» · зачтено 330.₽ · сам подписчик/)).toBeVisible()
  expect(screen.getByText('«Месяц» → «Клуб плюс» · срок прежний · сам подписчик')).toBeVisible()
})
