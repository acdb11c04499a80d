/** One thing is open in two windows: who saves second is told, loses nothing that was typed, and undoes nothing. */
import { expect, inject, test } from 'vitest'
import { faults, overflow } from './axe'
import { type Look, type Visit, openPage, toast, useBrowser, visitAsOwner } from './browser'
import { apiOf } from './people'

const DESKTOP: Look = { size: 'desktop', language: 'ru', theme: 'light' }
const PHONE: Look = { size: 'phone', language: 'en', theme: 'dark' }

useBrowser()

test('what another window has saved is taken in beside what was typed, or shown and replaced knowingly', async () => {
  const { tenantId } = inject('stage')
  const [first, second] = await Promise.all([visitAsOwner(DESKTOP, '/plans'), visitAsOwner(PHONE, '/plans')])
  const api = apiOf(first)
  const ask = <Answer>(method: string, path: string, body?: unknown) =>
    api.ask<Answer>(method, `/tenants/${tenantId}${path}`, body)
  const bots = await ask<{ items: { id: string }[] }>('GET', '/bots')
  const code = await ask<{ id: string }>('POST', '/promo-codes', {
    bot_id: bots.items[0]?.id, code: `TWO-${String(Date.now())}`, discount_kind: 'percent', discount_value: 10,
  }) // prettier-ignore
  const people = await ask<{ items: { id: string }[] }>('GET', '/users')
  const person = people.items[0]?.id ?? ''

  for (const { page } of [first, second])
    await openPage(page, `/t/${tenantId}/promo-codes/${code.id}?tab=terms`)
  await percentOf(first).fill('25')
  await second.page.getByLabel(second.say('promo-codes:fields.maxUses')).fill('7')
  await first.press(first.say('actions.save'))
  await toast(first, 'promo-codes:change.done').waitFor()
  await second.press(second.say('actions.save'))
  await second.page.getByRole('alert').getByText(second.say('form.changedMeanwhile')).waitFor()
  expect(await look(second)).toEqual([])
  await second.press(second.say('form.loadNewest'))
  await expect.poll(() => percentOf(second).inputValue()).toBe('25')
  await second.press(second.say('actions.save'))
  await toast(second, 'promo-codes:change.done').waitFor()
  expect(await ask('GET', `/promo-codes/${code.id}`)).toMatchObject({ discount_value: 25, max_uses: 7 })

  for (const { page } of [first, second]) await openPage(page, `/t/${tenantId}/subscribers/${person}`)
  await noteOf(second).fill('Written on the phone')
  await noteOf(first).fill('Написано за столом')
  await first.press(first.say('actions.save'))
  await expect.poll(() => ask('GET', `/users/${person}`)).toMatchObject({ note: 'Написано за столом' })
  await second.press(second.say('actions.save'))
  await second.page.getByRole('alert').getByText('Написано за столом').waitFor()
  expect(await noteOf(second).inputValue()).toBe('Written on the phone')
  expect(await look(second)).toEqual([])
  await second.press(second.say('form.keepMine'))
  await second.page.getByRole('alert').waitFor({ state: 'detached' })
  expect(await ask('GET', `/users/${person}`)).toMatchObject({ note: 'Written on the phone' })
  expect([...first.complaints, ...second.complaints]).toEqual([])
})

function percentOf({ page, say }: Visit) {
  return page.getByLabel(say('promo-codes:fields.value.percent'), { exact: true })
}

function noteOf({ page, say }: Visit) {
  return page.getByRole('textbox', { name: say('subscribers:note.title') })
}

async function look({ page }: Visit): Promise<string[]> {
  const wide = await overflow(page)
  return [...(await faults(page)), ...(wide > 0 ? [`${String(wide)} pixels wider than the window`] : [])]
}
