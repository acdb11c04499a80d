/** An owner walks the way of a subscriber in the portal's phone, in real time, with a second window on the same drive. */
import type { Locator } from 'playwright-core'
import { expect, test } from 'vitest'
import { faults, overflow } from './axe'
import { type Look, type Visit, logIn, openPage, toast, useBrowser, visit } from './browser'
import { signUp, startSelling } from './people'

const DESKTOP: Look = { size: 'desktop', language: 'ru', theme: 'light' }
const PHONE: Look = { size: 'phone', language: 'en', theme: 'dark' }
/** A step that comes by itself is at most 20 seconds away, and then waits for the worker. */
const SOON = { timeout: 40_000 }

useBrowser()

test('an owner buys, joins, is reminded and put out within a minute, and ends the test drive', async () => {
  const [owner, pocket] = [await visit(DESKTOP), await visit(PHONE)]
  const account = await signUp(owner, 'Мария')
  const { id } = await startSelling(owner, { name: 'Клуб Марии', plan: 'Месяц' })
  await logIn(pocket, account)

  await openPage(owner.page, `/t/${id}/test-drive`)
  await owner.press(owner.say('test-drives:start.go'))
  await buy(owner)
  await stepOf(owner, 'bought').waitFor()
  await chatOf(owner).getByRole('button', { name: 'Войти в «Закрытый клуб»' }).click()
  await toast(owner, 'test-drives:join.requested').waitFor()
  await stepOf(owner, 'joined').waitFor()
  await placeIn(owner, 'inside').waitFor()
  expect(await faults(owner.page)).toEqual([])

  // Another window of the same person opens the drive that runs, and follows it.
  await openPage(pocket.page, `/t/${id}/test-drive`)
  await stepOf(pocket, 'joined').waitFor()
  expect(await faults(pocket.page)).toEqual([])
  expect(await overflow(pocket.page)).toBe(0)

  await stepOf(owner, 'reminded').waitFor(SOON)
  await chatOf(owner).getByText('Подписка «Месяц» скоро закончится').waitFor()
  await stepOf(owner, 'expired').waitFor(SOON)
  await chatOf(owner).getByText('Подписка «Месяц» закончилась').waitFor()
  await placeIn(owner, 'outside').waitFor()
  await stepOf(pocket, 'expired').waitFor()
  await pocket.page.getByText(pocket.say('test-drives:complete.title')).waitFor()

  await pocket.press(pocket.say('test-drives:stop'))
  for (const { page, say } of [pocket, owner]) {
    await page.getByText(say('test-drives:ended.title')).waitFor()
    await page.getByText(say('test-drives:phone.over')).waitFor()
  }
  expect([...owner.complaints, ...pocket.complaints]).toEqual([])
})

/** Nothing can be written before the button with which every bot begins. */
async function buy(seen: Visit): Promise<void> {
  const { page, say, press } = seen
  const chat = chatOf(seen)
  expect(await page.getByLabel(say('test-drives:phone.message')).count()).toBe(0)
  await press(say('test-drives:phone.start'))
  await page.getByLabel(say('test-drives:phone.message'), { exact: true }).waitFor()
  await chat.getByRole('button', { name: 'Купить доступ' }).click()
  await chat.getByRole('button', { name: /^Месяц/ }).click()
  await chat.getByText('Цена').waitFor()
  await chat.getByRole('button', { name: /^Оплатить/ }).click()
  await chat.getByText('К оплате').waitFor()
  await chat.getByRole('button', { name: /^Оплатить/ }).click()
  const dialog = page.getByRole('dialog', { name: say('test-drives:card.title') })
  await dialog.getByRole('button', { name: /^Оплатить/ }).click()
  await toast(seen, 'test-drives:card.results.succeeded').waitFor()
}

function chatOf({ page, say }: Visit): Locator {
  return page.getByRole('log', { name: say('test-drives:phone.chat') })
}

/** A step of the way, once it was reached. */
function stepOf({ page, say }: Visit, name: string): Locator {
  return page
    .getByRole('listitem')
    .filter({ hasText: say(`test-drives:steps.names.${name}`) })
    .getByText(new RegExp(`^${say('test-drives:steps.took', { seconds: '[\\d.,]+' })}$`))
}

function placeIn({ page, say }: Visit, place: string): Locator {
  return page
    .getByRole('listitem')
    .filter({ hasText: 'Закрытый клуб' })
    .locator('visible=true')
    .getByText(say(`test-drives:channels.${place}`))
}
