import { screen, waitFor, within } from '@testing-library/react'
import { beforeEach, expect, test } from 'vitest'
import { STORED } from '@/features/subscribers/stored-filters'
import { aBroadcast } from '@/test/broadcasts'
import { aBot, aCode, aPlan, id } from '@/test/cast'
import { renderPage } from '@/test/render-page'
import { answer, pageOf, signIn } from '@/test/server'

const MARCH = { from: '2026-02-28T21:00:00.000Z', until: '2026-03-31T21:00:00.000Z' }
const MOVED = { movement: 'lapsed', moved_from: MARCH.from, moved_until: MARCH.until, is_test: 'true' }
type Name = (typeof STORED)[number]
/** What a stored list may ask for, and how that is taken away; the days of a movement go with it. */
const ASKED: Record<Name, { query: Record<string, string>; words: RegExp; control: RegExp }> = {
  bot_id: { query: { bot_id: aBot().id }, words: /Люди одного бота/, control: /Люди одного бота/ },
  plan_id: { query: { plan_id: aPlan().id }, words: /Месяц/, control: /Тариф/ },
  channel_id: { query: { channel_id: id(404) }, words: /…/, control: /Канал/ },
  subscription_status: {
    query: { subscription_status: 'expired' },
    words: /Подписка: /,
    control: /Подписка: /,
  },
  state: { query: { state: 'paused' }, words: /На паузе/, control: /Состояние/ },
  expiring_within_days: {
    query: { expiring_within_days: '5' },
    words: /За 5 дней/,
    control: /Заканчивается/,
  },
  tag: { query: { tag: 'gone' }, words: /#gone/, control: /Тег/ },
  source: { query: { source: 'ref' }, words: /Приглашение подписчика/, control: /Источник/ },
  has_source: { query: { has_source: 'false' }, words: /Без источника/, control: /Источник/ },
  locale: { query: { locale: 'en' }, words: /Английский/, control: /Язык/ },
  is_whitelisted: { query: { is_whitelisted: 'true' }, words: /Без оплаты/, control: /Оплата/ },
  has_blocked_bot: {
    query: { has_blocked_bot: 'false', has_started_bot: 'true' },
    words: /Не заблокирован/,
    control: /Бот/,
  },
  has_started_bot: { query: { has_started_bot: 'false' }, words: /Ещё не открыт/, control: /Бот/ },
  is_inside: { query: { is_inside: 'false' }, words: /Не в канале/, control: /В канале\?/ },
  search: { query: { search: 'Анна' }, words: /«Анна»/, control: /Имя/ },
  created_from: { query: { created_from: MARCH.from }, words: /1 мар\. 2026.* – …/, control: /Появились: С/ },
  created_until: { query: { created_until: MARCH.until }, words: /… – 31 мар/, control: /Появились: По/ },
  movement: { query: { movement: 'held' }, words: /С доступом/, control: /С доступом/ },
  moved_from: { query: MOVED, words: /1 мар/, control: /Остались без доступа/ },
  moved_until: { query: MOVED, words: /31 мар/, control: /Остались без доступа/ },
  is_test: { query: MOVED, words: /тестовые платежи/, control: /тестовые платежи/ },
}

beforeEach(() => {
  signIn()
  answer('get', '/bots', pageOf([aBot()]))
  answer('get', '/plans', pageOf([aPlan()]))
  answer('get', '/promo-codes', pageOf([aCode()]))
  answer('get', '/channels', pageOf([]))
  answer('get', '/users/tags', { tags: ['vip'] })
  answer('get', '/users/sources', { sources: ['vk', 'import'] })
  answer('post', '/broadcasts/preview', { html: '', buttons: [], length: 0, max_length: 4096 })
})

test.each(STORED)('the editor shows %s of a stored list, and takes it away', async (name) => {
  const { query, control } = ASKED[name]
  const path = `/broadcasts/audience/${aBot().id}`
  const counted = answer('get', path, { reached: 1, blocked: 0, opted_out: 0 })
  const asked = new URLSearchParams(query).toString()
  const { user } = renderPage(`~/broadcasts/new?${new URLSearchParams({ query: asked }).toString()}`)
  const filters = await screen.findByRole('search')
  await waitFor(() => expect(counted.at(-1)).toMatchObject({ query: asked }))
  const button = within(filters).queryByRole('button', { name: control })
  const field = within(filters).queryByLabelText<HTMLInputElement>(control)
  if (button !== null) await user.click(button)
  else {
    expect(field?.value).not.toBe('')
    if (field?.tagName === 'SELECT') await user.selectOptions(field, '')
    else await user.clear(field!)
  }
  await waitFor(() => expect(counted.at(-1)).toMatchObject({ query: '' }))
})

test.each(STORED)('the page of a broadcast says in words that its list asks for %s', async (name) => {
  const { query, words } = ASKED[name]
  const found = aBroadcast({ query: new URLSearchParams(query).toString() })
  answer('get', `/broadcasts/${found.id}`, found)
  answer('get', `/broadcasts/audience/${aBot().id}`, { reached: 1, blocked: 0, opted_out: 0 })
  renderPage(`~/broadcasts/${found.id}`)
  expect((await screen.findAllByText(words)).length).toBeGreaterThan(0)
})

test('a source and the days of coming are chosen for a broadcast', async () => {
  const path = `/broadcasts/audience/${aBot().id}`
  const counted = answer('get', path, { reached: 1, blocked: 0, opted_out: 0 })
  const { user } = renderPage('~/broadcasts/new')
  await user.click(await screen.findByRole('button', { name: 'Ещё фильтры' }))
  await user.selectOptions(await screen.findByLabelText('Источник'), 'Импорт')
  await user.type(screen.getByLabelText('Появились: С'), '2026-03-01')
  await user.type(screen.getByLabelText('Появились: По'), '2026-03-31')
  const query = new URLSearchParams({
    created_from: MARCH.from,
    created_until: MARCH.until,
    source: 'import',
  })
  await waitFor(() => expect(counted.at(-1)).toMatchObject({ query: query.toString() }))
})
