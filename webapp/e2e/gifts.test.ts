/** An owner lets a plan be given, sees who gave it and who took it, and closes a gift that nobody took. */
import { expect, test } from 'vitest'
import { faults, overflow } from './axe'
import { type Look, openPage, toast, useBrowser, visit } from './browser'
import { signUp, startSelling } from './people'
import { Phone } from './sandbox'

useBrowser()

const PHONE: Look = { size: 'phone', language: 'ru', theme: 'dark' }

test('a plan is given by one and taken by another; what nobody took is closed', async () => {
  const seen = await visit(PHONE)
  const { page, say, press, complaints } = seen
  await signUp(seen, 'Мария')
  const { id, bot } = await startSelling(seen, { name: 'Клуб Марии', plan: 'Клуб на месяц' })
  await openPage(page, `/t/${id}/plans`)
  await page.getByRole('link', { name: 'Клуб на месяц' }).click()
  await page.getByRole('switch', { name: say('plans:fields.giftable') }).click()
  await press(say('actions.save'))
  await toast(seen, 'plans:change.done').waitFor()

  const [giver, receiver] = await Promise.all([Phone.of('Пётр', bot), Phone.of('Анна', bot)])
  const payload = await giver.give('Клуб на месяц')
  await openPage(page, `/t/${id}/payments/gifts`)
  await page.getByText(say('gifts:status.waiting'), { exact: true }).locator('visible=true').last().waitFor()
  expect(await faults(page)).toEqual([])
  expect(await overflow(page)).toBe(0)
  await receiver.press(await receiver.ask(`/start ${payload}`, 'дарит вам'), 'Забрать')
  await receiver.read('Вам открыт доступ')
  await giver.read('забрали: Анна')
  await openPage(page, `/t/${id}/payments/gifts`)
  await page.getByRole('link', { name: 'Анна' }).locator('visible=true').waitFor()

  await giver.give('Клуб на месяц')
  await openPage(page, `/t/${id}/payments/gifts`)
  await page
    .getByRole('button', { name: say('gifts:menu', { plan: 'Клуб на месяц' }) })
    .locator('visible=true')
    .click()
  await page.getByRole('menuitem', { name: say('gifts:revoke.open') }).click()
  await page.getByRole('alertdialog').waitFor()
  expect(await faults(page)).toEqual([])
  await press(say('gifts:revoke.submit'))
  await toast(seen, 'gifts:revoke.done').waitFor()
  await giver.read('больше нельзя забрать')
  expect(complaints).toEqual([])
})
