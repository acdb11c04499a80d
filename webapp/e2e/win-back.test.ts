/** The win-back series is set in the portal, and read again on a phone as its message looks. */
import { expect, inject, test } from 'vitest'
import { faults, overflow } from './axe'
import { type Look, type Visit, toast, useBrowser, visitAsOwner } from './browser'
import { apiOf } from './people'

const DESKTOP: Look = { size: 'desktop', language: 'ru', theme: 'light' }
const PHONE: Look = { size: 'phone', language: 'en', theme: 'dark' }

useBrowser()

test('an owner sets two steps, and sees how the second one reads', async () => {
  const { tenantId } = inject('stage')
  const visit = await visitAsOwner(DESKTOP, '/promo-codes/win-back')
  const { page, say } = visit
  await page.getByLabel(say('win-backs:switch')).click()
  await visit.press(say('win-backs:add'))
  await visit.press(say('win-backs:add'))
  await page.getByText('−10 %').first().waitFor()
  await page.getByLabel(say('win-backs:preview.step'), { exact: true }).selectOption('1')
  await page.getByText('−20 %').first().waitFor()
  expect(await look(visit)).toEqual([])
  await visit.press(say('win-backs:save'))
  await toast(visit, 'win-backs:done').waitFor()
  const stored = await apiOf(visit).ask('GET', `/tenants/${tenantId}/win-back`)
  expect(stored).toMatchObject({ is_on: true, steps: [{ discount_value: 10 }, { discount_value: 20 }] })

  const phone = await visitAsOwner(PHONE, '/promo-codes/win-back')
  await phone.page.getByText('−10%').first().waitFor()
  expect(await look(phone)).toEqual([])
  expect([...visit.complaints, ...phone.complaints]).toEqual([])
})

async function look({ page }: Visit): Promise<string[]> {
  const wide = await overflow(page)
  return [...(await faults(page)), ...(wide > 0 ? [`${String(wide)} pixels wider than the window`] : [])]
}
