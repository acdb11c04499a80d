import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { BroadcastOut } from '@/api'
import { aBroadcast, aRun } from '@/test/broadcasts'
import { AT, aBot } from '@/test/cast'
import { renderPage } from '@/test/render-page'
import { answer, pageOf, refuse, signIn } from '@/test/server'

const PATH = `/broadcasts/${aBroadcast().id}`

function open(found: BroadcastOut) {
  answer('get', PATH, found)
  return renderPage(`~${PATH}`)
}

beforeEach(() => {
  signIn()
  answer('get', '/bots', pageOf([aBot()]))
  answer('get', '/plans', pageOf([]))
  answer('get', '/channels', pageOf([]))
  answer('get', `/broadcasts/audience/${aBot().id}`, { reached: 1200, blocked: 0, opted_out: 0 })
  answer('get', `${PATH}/recipients`, { items: [], next_cursor: null })
})
afterEach(() => vi.useRealTimers())

test('the time that is proposed lies within the hours of sending', async () => {
  // Half past ten in the evening in Moscow.
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-25T19:30:00Z') })
  answer('get', PATH, aBroadcast({ tested_at: AT, from_hour: 9, until_hour: 21 }))
  const { user } = renderPage(`~${PATH}`)
  const button = await screen.findByRole('button', { name: 'Запланировать' })
  await waitFor(() => expect(button).toBeEnabled())
  await user.click(button)
  expect(await screen.findByLabelText('День')).toHaveValue('2026-11-26')
  expect(screen.getByLabelText('Время')).toHaveValue('09:00')
  expect(screen.queryByText(/Это не часы отправки/)).toBeNull()
})

test('a day and a time are those of the tenant’s zone', async () => {
  const sent = answer('post', `${PATH}/schedule`, aBroadcast({ status: 'scheduled' }))
  const { user } = open(aBroadcast({ tested_at: AT }))
  const button = await screen.findByRole('button', { name: 'Запланировать' })
  await waitFor(() => expect(button).toBeEnabled())
  await user.click(button)
  fireEvent.change(await screen.findByLabelText('День'), { target: { value: '2099-12-01' } })
  fireEvent.change(screen.getByLabelText('Время'), { target: { value: '18:30' } })
  expect(screen.getByText('По времени Europe/Moscow.')).toBeVisible()
  await user.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Запланировать' }))
  await waitFor(() =>
    expect(sent).toEqual([{ at: '2099-12-01T15:30:00.000Z', in_readers_zones: false, version: 'first' }]),
  )
})

test('with a switch it goes out at the hour of each reader’s own zone, and the sending hours are told of', async () => {
  const sent = answer('post', `${PATH}/schedule`, aBroadcast({ status: 'scheduled' }))
  const { user } = open(aBroadcast({ tested_at: AT, from_hour: 10, until_hour: 20 }))
  const button = await screen.findByRole('button', { name: 'Запланировать' })
  await waitFor(() => expect(button).toBeEnabled())
  await user.click(button)
  fireEvent.change(await screen.findByLabelText('День'), { target: { value: '2099-12-01' } })
  fireEvent.change(screen.getByLabelText('Время'), { target: { value: '18:30' } })
  expect(screen.queryByText(/Часы отправки, с/)).toBeNull()
  const readers = screen.getByRole('switch', { name: 'В этот час по времени каждого читателя' })
  expect(readers).toHaveAccessibleDescription(/когда это время покажут его часы/)
  await user.click(readers)
  expect(screen.getByText(/Часы отправки, с 10:00 до 20:00, тоже считаются по часам читателя/)).toBeVisible()
  await user.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Запланировать' }))
  await waitFor(() =>
    expect(sent).toEqual([{ at: '2099-12-01T15:30:00.000Z', in_readers_zones: true, version: 'first' }]),
  )
})

test('one scheduled by the readers’ clocks says so, and keeps the switch when its time is changed', async () => {
  const { user } = open(
    aBroadcast({
      status: 'scheduled',
      tested_at: AT,
      scheduled_at: '2099-12-01T15:30:00Z',
      in_readers_zones: true,
    }),
  )
  expect(await screen.findByText(/18:30 МСК — по часам каждого читателя$/)).toBeVisible()
  const change = screen.getByRole('button', { name: 'Изменить время' })
  await waitFor(() => expect(change).toBeEnabled())
  await user.click(change)
  expect(await screen.findByRole('switch', { name: /каждого читателя/ })).toBeChecked()
})

test('one that goes by itself has no hour of its readers to choose', async () => {
  const { user } = open(aBroadcast({ tested_at: AT, trigger: 'welcome' }))
  await user.click(await screen.findByRole('button', { name: 'Запланировать' }))
  await screen.findByLabelText('День')
  expect(screen.queryByRole('switch')).toBeNull()
})

test('a run says how many wait for their hour, and when it is that of the last', async () => {
  open(
    aRun({
      in_readers_zones: true,
      waiting_for_hour: { count: 320, next_at: '2099-12-01T15:30:00Z', last_at: '2099-12-01T23:30:00Z' },
    }),
  )
  expect(await screen.findByText('320 человек ждут своего часа')).toBeVisible()
  expect(screen.getByText(/У ближайших он настанет .*18:30.*, у последних — .*02:30/)).toBeVisible()
})

test('a moment that is over is refused at its field', async () => {
  refuse('post', `${PATH}/schedule`, 422, { code: 'broadcast_invalid', fields: { at: 'in_the_past' } })
  const { user } = open(aBroadcast({ tested_at: AT }))
  const button = await screen.findByRole('button', { name: 'Запланировать' })
  await waitFor(() => expect(button).toBeEnabled())
  await user.click(button)
  await screen.findByLabelText('День')
  await user.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Запланировать' }))
  await waitFor(() =>
    expect(screen.getByLabelText('День')).toHaveAccessibleDescription('Это время уже прошло'),
  )
})
