import { screen, waitFor, within } from '@testing-library/react'
import { beforeEach, expect, test } from 'vitest'
import { TENANT, aBot } from '@/test/cast'
import { renderPage } from '@/test/render-page'
import { answer, pageOf, refuse, signIn } from '@/test/server'

beforeEach(() => {
  signIn()
  answer('get', '/forgetting-rule', { months: null, starts_at: null, began_at: null })
})

test('reminders are chosen as people say them, and everything else stays', async () => {
  const sent = answer('put', '', TENANT)
  const { user } = renderPage('~/settings/general')
  await user.click(await screen.findByRole('button', { name: 'Добавить напоминание' }))
  const second = screen.getByLabelText('№ 2: за')
  const unit = screen.getAllByLabelText('до конца')[1]
  expect(unit).toHaveDisplayValue('день')
  await user.clear(second)
  await user.type(second, '3')
  expect(unit).toHaveDisplayValue('дня')
  await user.click(screen.getAllByRole('button', { name: 'Сохранить' })[1]!)
  await waitFor(() =>
    expect(sent[0]).toEqual(
      expect.objectContaining({ name: 'Alpha', reminder_offsets_seconds: [259_200, 86_400] }),
    ),
  )
})

test('reminders that were changed in another window come in where nothing was typed, with the other settings', async () => {
  refuse('put', '', 409, { code: 'changed_meanwhile' })
  const { user } = renderPage('~/settings/general')
  const grace = await screen.findByLabelText('Остаётся')
  await user.clear(grace)
  await user.type(grace, '5')
  answer('get', '', {
    ...TENANT,
    name: 'Renamed',
    reminder_offsets_seconds: [172_800, 3_600],
    impersonation: null,
    version: 'second',
  })
  await user.click(screen.getAllByRole('button', { name: 'Сохранить' })[1]!)
  await user.click(await screen.findByRole('button', { name: 'Загрузить новое, оставив мои правки' }))
  await waitFor(() => expect(screen.getByLabelText('№ 2: за')).toHaveValue(1))
  expect(screen.getByLabelText('№ 1: за')).toHaveValue(2)
  expect(grace).toHaveValue(5)
  const sent = answer('put', '', TENANT)
  await user.click(screen.getAllByRole('button', { name: 'Сохранить' })[1]!)
  await waitFor(() =>
    expect(sent).toEqual([
      expect.objectContaining({
        name: 'Renamed',
        reminder_offsets_seconds: [172_800, 3_600],
        grace_seconds: 18_000,
        version: 'second',
      }),
    ]),
  )
})

test('one form of the settings stands in no other one’s way, and undoes nothing that it saved', async () => {
  const { user } = renderPage('~/settings/general')
  const grace = await screen.findByLabelText('Остаётся')
  await user.clear(grace)
  await user.type(grace, '5')
  await user.type(screen.getByLabelText('Название'), ' и Ко')
  const renamed = { ...TENANT, name: 'Alpha и Ко', impersonation: null, version: 'second' }
  const sent = answer('put', '', renamed)
  answer('get', '', renamed)
  const [general, reminders] = screen.getAllByRole('button', { name: 'Сохранить' })
  await user.click(general!)
  await waitFor(() =>
    expect(sent).toEqual([expect.objectContaining({ name: 'Alpha и Ко', version: 'first' })]),
  )
  await screen.findAllByRole('button', { name: /^Alpha и Ко/ })
  await user.click(reminders!)
  await waitFor(() =>
    expect(sent[1]).toEqual(
      expect.objectContaining({ name: 'Alpha и Ко', grace_seconds: 18_000, version: 'second' }),
    ),
  )
})

test('leaving asks whichever form of the page holds what is not saved, and asks once', async () => {
  answer('get', '/bots', pageOf([aBot()]))
  answer('get', '/channels', pageOf([]))
  answer('get', '/membership-sweeps', pageOf([]))
  const { user, location } = renderPage('~/settings/general')
  const leave = () => user.click(screen.getAllByRole('link', { name: 'Каналы' })[0]!)
  const closesUnasked = () => window.dispatchEvent(new Event('beforeunload', { cancelable: true }))
  const name = await screen.findByLabelText('Название')
  await user.type(name, ' и Ко')
  expect(closesUnasked()).toBe(false)
  await leave()
  const question = await screen.findByRole('alertdialog')
  await user.click(within(question).getByRole('button', { name: 'Остаться' }))
  await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull())
  expect(name).toHaveValue('Alpha и Ко')
  await user.clear(name)
  await user.type(name, 'Alpha')
  expect(closesUnasked()).toBe(true)
  const grace = screen.getByLabelText('Остаётся')
  await user.clear(grace)
  await user.type(grace, '7')
  await leave()
  await user.click(
    within(await screen.findByRole('alertdialog')).getByRole('button', { name: 'Не сохранять' }),
  )
  await waitFor(() => expect(location().pathname).toMatch(/channels$/))
  await waitFor(() => expect(closesUnasked()).toBe(true))
})

test('nothing is asked where no form of the page was changed', async () => {
  answer('get', '/bots', pageOf([aBot()]))
  answer('get', '/channels', pageOf([]))
  answer('get', '/membership-sweeps', pageOf([]))
  const { user, location } = renderPage('~/settings/general')
  await screen.findByLabelText('Название')
  await user.click(screen.getAllByRole('link', { name: 'Каналы' })[0]!)
  await waitFor(() => expect(location().pathname).toMatch(/channels$/))
  expect(screen.queryByRole('alertdialog')).toBeNull()
})
