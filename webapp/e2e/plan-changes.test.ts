/** An owner lets subscribers change plans; one does so in the bot and pays the difference, another is moved by the owner. */
import { expect, test } from 'vitest'
import { faults, overflow } from './axe'
import { type Look, type Visit, logIn, openPage, settled, toast, useBrowser, visit } from './browser'
import { type SellingTenant, apiOf, signUp, startSelling } from './people'
import { Phone } from './sandbox'

const DESKTOP: Look = { size: 'desktop', language: 'ru', theme: 'light' }
const PHONE: Look = { size: 'phone', language: 'en', theme: 'dark' }
const [MONTH, PLUS] = ['Клуб на месяц', 'Клуб плюс']

useBrowser()

test('a plan is changed in the bot for the difference, and by the owner without money', async () => {
  const seen = await visit(DESKTOP)
  const account = await signUp(seen, 'Мария')
  const club = await startSelling(seen, { name: 'Клуб Марии', plan: MONTH })
  await addPlus(seen, club)
  const buyer = await Phone.of('Вера', club.bot)
  await buyer.join(await buyer.buy(MONTH))
  expect(await nameChanges(buyer)).toEqual([])

  await allowChanges(seen, club, MONTH, 'plans:fields.changesAlone')
  await allowChanges(seen, club, PLUS, 'plans:fields.changesAmong')
  await changeInBot(buyer)
  const paymentId = await lookAtPayment(seen, club)
  await lookAtSubscriber(seen)

  await changeByHand(seen)
  await buyer.read(`«${PLUS}» → «${MONTH}»`)
  expect(await entries(seen, `«${PLUS}» → «${MONTH}»`)).toEqual([expect.stringContaining('Мария')])

  const phone = await visit(PHONE)
  await logIn(phone, account)
  const { pathname } = new URL(seen.page.url())
  for (const path of [pathname, `/t/${club.id}/payments/${paymentId}`]) {
    await openPage(phone.page, path)
    expect(await look(phone)).toEqual([])
  }
  expect([...seen.complaints, ...phone.complaints]).toEqual([])
})

/** Makes a second plan of three times the price. */
async function addPlus(seen: Visit, { id, botId }: SellingTenant): Promise<void> {
  const api = apiOf(seen)
  const { items } = await api.ask<{ items: { id: string }[] }>('GET', `/tenants/${id}/channels`)
  await api.ask('POST', `/tenants/${id}/plans`, {
    bot_id: botId, title: PLUS, price_minor: 297_000, period_unit: 'month', period_count: 1,
    channel_ids: items.map((channel) => channel.id),
  }) // prettier-ignore
}

/** The plans that the bot offers to change to, as its buttons name them. */
async function nameChanges(buyer: Phone): Promise<string[]> {
  const status = await buyer.ask('/status', MONTH)
  const buttons = status.reply_markup?.inline_keyboard?.flat() ?? []
  return buttons.map(({ text }) => text).filter((text) => text.includes('Сменить тариф'))
}

async function allowChanges(seen: Visit, { id }: SellingTenant, plan: string, words: string): Promise<void> {
  const { page, say, press } = seen
  await openPage(page, `/t/${id}/plans`)
  await page.getByRole('link', { name: plan, exact: true }).click()
  const changes = page.getByRole('switch', { name: say('plans:fields.changes') })
  await changes.click()
  await page.getByText(say(words, { plans: MONTH }), { exact: true }).waitFor()
  expect(await look(seen)).toEqual([])
  await press(say('actions.save'))
  await toast(seen, 'plans:change.done').waitFor()
}

async function changeInBot(buyer: Phone): Promise<void> {
  const status = await buyer.ask('/status', MONTH)
  await buyer.press(status, 'Сменить тариф')
  await buyer.press(await buyer.read('На какой тариф'), PLUS)
  const asked = await buyer.read('К доплате')
  await buyer.press(asked, 'Доплатить')
  await buyer.payBill(asked.message_id - 1)
  await buyer.read('Тариф сменён')
}

/** The payment says what of the price was paid with time, and whose doing it was. */
async function lookAtPayment(seen: Visit, { id }: SellingTenant): Promise<string> {
  const { page, say } = seen
  await openPage(page, `/t/${id}/payments`)
  await page.getByRole('row').filter({ hasText: PLUS }).getByRole('link').first().click()
  const facts = page.getByLabel(say('payments:facts.title'), { exact: true })
  await facts.getByText(say('payments:facts.credit'), { exact: true }).waitFor()
  await facts.getByText(/2\s970/).waitFor()
  expect(await facts.getByText(say('payments:facts.discount'), { exact: true }).count()).toBe(0)
  expect(await entries(seen, `«${MONTH}» → «${PLUS}»`)).toEqual([
    expect.stringMatching(/зачтено 9\d\d.*сам подписчик/),
  ])
  expect(await look(seen)).toEqual([])
  return page.url().split('/').at(-1) ?? ''
}

async function lookAtSubscriber(seen: Visit): Promise<void> {
  const { page } = seen
  await page.getByRole('link', { name: 'Вера' }).click()
  await page.getByRole('heading', { level: 1, name: 'Вера' }).waitFor()
  expect(await entries(seen, `«${MONTH}» → «${PLUS}»`)).toEqual([expect.stringContaining('сам подписчик')])
  expect(await look(seen)).toEqual([])
}

async function changeByHand(seen: Visit): Promise<void> {
  const { page, say } = seen
  const subscriptions = page.getByRole('region', { name: say('subscribers:subscriptions.title') })
  await subscriptions.getByRole('button', { name: say('subscribers:changePlan.open') }).click()
  const dialog = page.getByRole('dialog', { name: say('subscribers:changePlan.title', { plan: PLUS }) })
  // What is left of the dear plan is worth three months of the cheap one.
  await dialog.getByText(say('subscribers:changePlan.times.by_value')).waitFor({ state: 'attached' })
  await dialog.getByText(/2\s9[67]\d/).waitFor()
  expect(await faults(page)).toEqual([])
  await dialog.getByRole('button', { name: say('subscribers:changePlan.submit'), exact: true }).click()
  await toast(seen, 'subscribers:changePlan.done').waitFor()
}

/** What the timeline tells with these words, once it does. */
async function entries({ page, say }: Visit, words: string): Promise<string[]> {
  const timeline = page
    .getByRole('listitem')
    .filter({ hasText: say('timeline:what.audit.subscription.plan_changed') })
  const found = timeline.filter({ hasText: words })
  await found.first().waitFor()
  return found.allInnerTexts()
}

async function look({ page }: Visit): Promise<string[]> {
  await settled(page)
  const wide = await overflow(page)
  return [...(await faults(page)), ...(wide > 0 ? [`${String(wide)} pixels wider than the window`] : [])]
}
