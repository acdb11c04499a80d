/** An owner decides how money is taken, and looks after somebody who pays: kinds of plans, receipts, refunds, autopay, pauses. */
import { expect, test } from 'vitest'
import { faults } from './axe'
import { type Look, type Visit, openPage, settled, toast, useBrowser, visit } from './browser'
import { type SellingTenant, signUp, startSelling } from './people'
import { Phone, yookassa } from './sandbox'

const DESKTOP: Look = { size: 'desktop', language: 'ru', theme: 'light' }
const RECURRING = 'Каждый месяц'

useBrowser()

test('plans of several kinds, receipts, a refund, autopay, a pause and an offer to stay', async () => {
  const seen = await visit(DESKTOP)
  await signUp(seen, 'Мария')
  const club = await startSelling(seen, { name: 'Клуб Марии', plan: 'Разово' })
  await makePlans(seen, club)
  await decideReceipts(seen, club)
  const buyer = await Phone.of('Вера', club.bot)
  await subscribe(buyer)
  await sendReceiptAgain(seen, club)
  await refund(seen)
  await seen.page.getByRole('link', { name: 'Вера' }).click()
  await pause(seen)
  await turnAutopayOff(seen, buyer)
  await offerToStay(seen, club)
  expect(seen.complaints).toEqual([])
}, 150_000)

async function makePlans({ page, say, press }: Visit, { id }: SellingTenant): Promise<void> {
  const field = (key: string) => page.getByLabel(say(`plans:${key}`), { exact: true })
  const begin = async (title: string, price: string) => {
    await openPage(page, `/t/${id}/plans/new`)
    await field('fields.title').fill(title)
    await field('fields.price').fill(price)
    await page.getByRole('checkbox', { name: 'Закрытый клуб' }).click()
  }
  const finish = async (title: string) => {
    await press(say('plans:create.submit'))
    await page.getByRole('link', { name: title }).waitFor()
  }
  const row = (title: string) => page.getByRole('row').filter({ hasText: title })

  await begin('Проба', '0')
  await field('fields.unit').selectOption('week')
  await field('limits.audience').selectOption('new')
  await page.getByRole('switch', { name: say('plans:limits.trial') }).click()
  await finish('Проба')

  await begin('Марафон', '3000')
  await field('fields.unit').selectOption('until')
  await field('fields.fixedEnd').fill('2031-03-01')
  await page.getByLabel(say('plans:limits.accessCode')).fill('marathon')
  await finish('Марафон')

  await begin(RECURRING, '990')
  await page.getByLabel(say('plans:stars.beside')).fill('500')
  await page.getByLabel(say('plans:limits.capacity')).fill('40')
  await page.getByRole('switch', { name: say('plans:fields.recurring') }).click()
  expect(await faults(page)).toEqual([])
  await finish(RECURRING)

  await row('Проба').getByText(say('plans:kinds.trial')).waitFor()
  await row('Проба').getByText(say('plans:audiences.new')).waitFor()
  await row('Марафон')
    .getByText(/1 мар\S+ 2031/)
    .waitFor()
  await row('Марафон').getByText(say('plans:status.coded')).waitFor()
  await row(RECURRING).getByText(say('plans:kinds.recurring')).waitFor()
  await row(RECURRING)
    .getByText(/500\s★/)
    .waitFor()
  await row(RECURRING)
    .getByText(say('plans:places.left', { left: '40', of: '40' }))
    .waitFor()
  expect(await faults(page)).toEqual([])
}

/** Turns receipts on; the cash register refuses the first one. */
async function decideReceipts(seen: Visit, { id, shopId }: SellingTenant): Promise<void> {
  const { page, say } = seen
  await openPage(page, `/t/${id}/settings/shop`)
  await page.getByRole('switch', { name: say('fiscal-receipts:settings.isOn') }).click()
  await page.getByLabel(say('fiscal-receipts:settings.vat')).selectOption('11')
  await page.getByLabel(say('fiscal-receipts:settings.mode')).selectOption('full_prepayment')
  expect(await faults(page)).toEqual([])
  await page.getByRole('button', { name: say('actions.save'), exact: true }).click()
  await toast(seen, 'fiscal-receipts:settings.done').waitFor()
  await yookassa('PUT', `/shops/${shopId}/receipts`, { fiscalization: true, outcome: 'canceled' })
}

async function subscribe(buyer: Phone): Promise<void> {
  const card = await buyer.choose(RECURRING)
  await buyer.press(card, 'с автопродлением')
  const question = await buyer.read('нужен чек', card.message_id - 1)
  await buyer.write('vera@example.com')
  await buyer.join(await buyer.pay(question.message_id))
}

async function sendReceiptAgain(seen: Visit, { id, shopId }: SellingTenant): Promise<void> {
  const { page, say } = seen
  await openPage(page, `/t/${id}/payments`)
  await page.getByLabel(say('payments:filters.receipt')).selectOption('failed')
  await page.getByRole('row').filter({ hasText: 'Вера' }).getByRole('link').first().click()
  const receipts = page.getByLabel(say('fiscal-receipts:title'), { exact: true })
  await receipts.getByText(say('fiscal-receipts:states.failed')).waitFor()
  await receipts.getByText(say('fiscal-receipts:why.not_registered')).waitFor()
  await yookassa('PUT', `/shops/${shopId}/receipts`, { outcome: 'succeeded' })
  await receipts.getByRole('button', { name: say('fiscal-receipts:retry.submit') }).click()
  await toast(seen, 'fiscal-receipts:retry.done').waitFor()
  await receipts.getByText(say('fiscal-receipts:states.registered')).waitFor()
}

async function refund(seen: Visit): Promise<void> {
  const { page, say, press } = seen
  await press(say('refunds:form.open'))
  const dialog = page.getByRole('dialog', { name: say('refunds:form.title') })
  await dialog.getByLabel(say('refunds:form.amount')).fill('100')
  await dialog.getByLabel(say('refunds:form.access')).selectOption('keep')
  await dialog.getByLabel(say('refunds:form.reason')).fill('Не работал чат')
  expect(await faults(page)).toEqual([])
  await dialog.getByRole('button', { name: say('refunds:form.submit'), exact: true }).click()
  await toast(seen, 'refunds:form.done').waitFor()
  const refunds = page.getByLabel(say('refunds:title'), { exact: true })
  await refunds.getByText(say('refunds:status.succeeded')).waitFor()
  await refunds.getByText(say('refunds:after.keep')).waitFor()
  expect(await faults(page)).toEqual([])
}

async function pause(seen: Visit): Promise<void> {
  const { page, say } = seen
  const subscriptions = page.getByRole('region', { name: say('subscribers:subscriptions.title') })
  await subscriptions.getByRole('button', { name: say('subscribers:pause.open'), exact: true }).click()
  const dialog = page.getByRole('dialog', { name: say('subscribers:pause.title', { plan: RECURRING }) })
  expect(await faults(page)).toEqual([])
  await dialog.getByRole('button', { name: say('subscribers:pause.submit'), exact: true }).click()
  await subscriptions.getByText(say('subscribers:subscription.paused'), { exact: true }).waitFor()
  await subscriptions.getByRole('button', { name: say('subscribers:pause.resume') }).click()
  await subscriptions.getByText(say('subscribers:subscription.active'), { exact: true }).waitFor()
}

async function turnAutopayOff(seen: Visit, buyer: Phone): Promise<void> {
  const { page, say } = seen
  const autopay = page.getByRole('region', { name: say('subscribers:autopay.title'), exact: true })
  await autopay.getByText(say('subscribers:autopay.status.on'), { exact: true }).waitFor()
  await autopay.getByText(new RegExp(say('subscribers:autopay.consent', { at: '.+' }))).waitFor()
  await autopay.getByRole('button', { name: say('subscribers:autopay.turnOff') }).click()
  const dialog = page.getByRole('alertdialog')
  expect(await faults(page)).toEqual([])
  await dialog.getByRole('button', { name: say('subscribers:autopay.turnOff') }).click()
  await autopay.getByText(say('subscribers:autopay.status.off'), { exact: true }).waitFor()
  await autopay.getByText(new RegExp(say('subscribers:autopay.reasons.by_team'))).waitFor()
  await buyer.read(`Автопродление подписки «${RECURRING}» отключено`)
}

async function offerToStay(seen: Visit, { id }: SellingTenant): Promise<void> {
  const { page, say, press } = seen
  await openPage(page, `/t/${id}/plans`)
  await page.getByRole('link', { name: RECURRING }).click()
  await page.getByLabel(say('plans:leaving.pauseDays')).fill('30')
  await page.getByLabel(say('plans:leaving.pausesAYear')).fill('2')
  await page.getByLabel(say('plans:leaving.offer'), { exact: true }).selectOption('days')
  await page.getByLabel(say('plans:leaving.offerDays'), { exact: true }).fill('7')
  await press(say('plans:leaving.submit'))
  await toast(seen, 'plans:leaving.done').waitFor()
  await page.reload()
  await settled(page)
  expect(await page.getByLabel(say('plans:leaving.offerDays'), { exact: true }).inputValue()).toBe('7')
  expect(await faults(page)).toEqual([])
}
