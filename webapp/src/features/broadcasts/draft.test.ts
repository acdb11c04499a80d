import { expect, test } from 'vitest'
import type { BroadcastOut } from '@/api'
import { aBroadcast } from '@/test/broadcasts'
import {
  type DraftValues,
  draftSchema,
  newButton,
  newDraft,
  rowsOf,
  toBody,
  toPreview,
  valuesOf,
} from './draft'
import '@/components/form/zod-texts'

const BOT = '00000000-0000-7000-8000-000000000003'
const PLAN = '00000000-0000-7000-8000-000000000005'
const GOOD: DraftValues = { ...newDraft(BOT, ''), title: 'Эфир', text: 'Эфир сегодня' }
const LINK = { ...newButton(), text: 'Купить', url: 'https://example.org' }

function wrong(changes: Partial<DraftValues>): string[] {
  const { error } = draftSchema.safeParse({ ...GOOD, ...changes })
  return error?.issues.map(({ path }) => path.join('.')) ?? []
}

test.each<[string, Partial<DraftValues>, string[]]>([
  ['a plain text', {}, []],
  ['nothing but tags', { text: '<b></b>' }, ['text']],
  ['a text as long as Telegram shows', { text: `<b>${'x'.repeat(4096)}</b>` }, []],
  ['one letter more', { text: 'x'.repeat(4097) }, ['text']],
  ['an emoji counts as two', { text: '😀'.repeat(2049) }, ['text']],
  ['a caption', { text: 'x'.repeat(1024), medium_kind: 'photo', medium: 'https://example.org/a.jpg' }, []],
  [
    'a caption that is too long',
    { text: 'x'.repeat(1025), medium_kind: 'photo', medium: 'https://example.org/a.jpg' },
    ['text'],
  ],
  ['a medium without an address', { medium_kind: 'video', medium: '' }, ['medium']],
  ['a medium over http', { medium_kind: 'video', medium: 'http://example.org/a.mp4' }, ['medium']],
  ['a file id', { medium_kind: 'document', medium: 'BQACAgIAAxkBAAIB' }, []],
  ['hours that end before they begin', { from_hour: '20', until_hour: '9' }, ['until_hour']],
  ['a button that opens nothing', { buttons: [{ ...LINK, url: '' }] }, ['buttons.0.url']],
  ['a button that runs a script', { buttons: [{ ...LINK, url: 'javascript:alert(1)' }] }, ['buttons.0.url']],
  ['a button without a plan', { buttons: [{ ...LINK, target: 'plan_id' }] }, ['buttons.0.plan_id']],
  ['a delay of ninety days', { occasion: 'expired', delay: 90, delay_unit: 'days' }, []],
  ['a longer one', { occasion: 'expired', delay: 91, delay_unit: 'days' }, ['delay']],
  ['a long delay of what has none', { occasion: 'daily', delay: 91, delay_unit: 'days' }, []],
  ['a delay that is no whole number', { occasion: 'welcome', delay: 1.5 }, ['delay']],
  ['eleven rows', { buttons: Array.from({ length: 11 }, () => LINK) }, ['buttons.10.text']],
])('what can be sent is known before it is sent: %s', (_, changes, fields) => {
  expect(wrong(changes)).toEqual(fields)
})

test('buttons stand beside one another, four in a row at most', () => {
  const beside = { ...LINK, is_beside: true }
  expect(rowsOf([beside, beside, LINK, beside, beside, beside, beside]).map((row) => row.length)).toEqual([
    2, 4, 1,
  ])
})

test('the API is sent one target of each button, and the number of its row', () => {
  const buttons = [LINK, { ...LINK, is_beside: true, target: 'plan_id' as const, plan_id: PLAN }, LINK]
  expect(toBody({ ...GOOD, buttons, medium: 'left over' })).toMatchObject({
    medium_kind: null,
    medium: null,
    from_hour: 9,
    until_hour: 22,
    buttons: [
      { row: 0, text: 'Купить', url: 'https://example.org' },
      { row: 0, text: 'Купить', plan_id: PLAN },
      { row: 1, text: 'Купить', url: 'https://example.org' },
    ],
  })
})

test('a stored broadcast is read into the form and written back as it was', () => {
  const buttons = [
    { row: 0, text: 'A', url: 'https://example.org', plan_id: null, promo_code_id: null },
    { row: 0, text: 'B', url: null, plan_id: PLAN, promo_code_id: null },
    { row: 1, text: 'C', url: null, plan_id: null, promo_code_id: PLAN },
  ]
  const body = toBody(valuesOf(aBroadcast({ buttons, query: 'state=active', from_hour: 9, until_hour: 20 })))
  expect(body).toMatchObject({ query: 'state=active', from_hour: 9, until_hour: 20, version: 'first' })
  expect(body.buttons).toEqual([
    { row: 0, text: 'A', url: 'https://example.org' },
    { row: 0, text: 'B', plan_id: PLAN },
    { row: 1, text: 'C', promo_code_id: PLAN },
  ])
})

test.each<[Partial<BroadcastOut>, Partial<DraftValues>]>([
  [{}, { occasion: 'once', delay: 0, delay_unit: 'minutes' }],
  [{ repeats: 'weekly' }, { occasion: 'weekly' }],
  [
    { trigger: 'welcome', delay_minutes: 45 },
    { occasion: 'welcome', delay: 45, delay_unit: 'minutes' },
  ],
  [
    { trigger: 'unfinished_purchase', delay_minutes: 180 },
    { occasion: 'unfinished_purchase', delay: 3, delay_unit: 'hours' },
  ],
  [
    { trigger: 'welcome', delay_minutes: 43_200 },
    { delay: 30, delay_unit: 'days' },
  ],
])('when it goes is read into the form and written back as it was: %j', (stored, shown) => {
  const values = valuesOf(aBroadcast(stored))
  expect(values).toMatchObject(shown)
  expect(toBody(values)).toMatchObject({ repeats: null, trigger: null, delay_minutes: 0, ...stored })
})

test('what stands for a subscription is stored, and shown before it is', () => {
  const fallbacks = { plan_fallback: 'подписки пока нет', paid_until_fallback: 'скоро' }
  expect(toBody(valuesOf(aBroadcast(fallbacks)))).toMatchObject(fallbacks)
  expect(toPreview({ ...GOOD, ...fallbacks })).toMatchObject(fallbacks)
})

test('what is not finished yet is left out of the preview', () => {
  expect(toPreview({ ...GOOD, text: ' ' })).toBeUndefined()
  const half = {
    ...GOOD,
    medium_kind: 'photo' as const,
    buttons: [LINK, { ...LINK, url: 'htt' }, newButton()],
  }
  expect(toPreview(half)).toMatchObject({ medium_kind: null, medium: null, buttons: [{ text: 'Купить' }] })
})
