/** Two owners subscribe to the platform, their cards fail, they read what that means, pay, and all is back. */
import type { Locator } from 'playwright-core'
import { expect, inject, test } from 'vitest'
import { faults, overflow } from './axe'
import { type Look, type Visit, openPage, useBrowser, visit } from './browser'
import { apiOf, becomeStaff, signUp, startSelling } from './people'
import { Phone, stripe, waitFor } from './sandbox'

const DESKTOP: Look = { size: 'desktop', language: 'ru', theme: 'light' }
const PHONE: Look = { size: 'phone', language: 'en', theme: 'dark' }
const PLAN = 'Клуб на месяц'
const TRIAL_DAYS = 14
const DAYS_BETWEEN = 8
/** It is taken, and every charge of it fails. */
const FAILS = '4000 0000 0000 0341'
const GOOD = '4242 4242 4242 4242'

useBrowser()

test('whoever owes is told and goes on, later sells nothing while everybody stays inside, and is back once it pays', async () => {
  const elsewhere = [inject('stage').stripe]
  const early = await visit(DESKTOP, { elsewhere })
  const late = await visit(PHONE, { elsewhere })
  await Promise.all([signUp(early, 'Мария'), signUp(late, 'Olga')])
  const club = await startSelling(early, { name: 'Клуб Марии', plan: PLAN })
  const { id: lateId } = await apiOf(late).ask<{ id: string }>('POST', '/tenants', { name: 'Olga’s club' })
  const inside = await Phone.of('Вера', club.bot)
  await inside.join(await inside.buy(PLAN))

  await subscribe(early, club.id, { email: 'maria@lumenpay.example', taxId: 'DE123456789' })
  await skip(DAYS_BETWEEN)
  await subscribe(late, lateId, { email: 'olga@lumenpay.example' })
  await skip(TRIAL_DAYS + 0.1)

  await stands(late, lateId, 'past_due')
  await isOwed(late, lateId)
  await payOnInvoice(late, lateId)
  await stands(early, club.id, 'restricted')
  await isPaused(early, club.id)
  await sellsNothing(club.bot)
  expect(await isInside(early, club.id)).toBe(true)
  const list = await givesNobodyNew(early, club.id, inside.userId)
  await payThroughPortal(early, club.id)
  await givesTheRest(early, list)
  const buyer = await Phone.of('Борис', club.bot)
  await buyer.join(await buyer.buy(PLAN))
  await isGivenBack(early, club.id)
  expect([...early.complaints, ...late.complaints]).toEqual([])
}, 240_000)

/** Chooses the plan that is tried first, on Stripe's page, with a card that will fail. */
async function subscribe(
  { page, say }: Visit,
  id: string,
  { email, taxId }: { email: string; taxId?: string },
): Promise<void> {
  await openPage(page, `/t/${id}/settings/billing`)
  expect(await faults(page)).toEqual([])
  await page.getByRole('region', { name: 'Pro' }).getByRole('button').click()
  await page.waitForURL('**/c/pay/**')
  await page.locator('input[name=email]').fill(email)
  await page.locator('input[name=name]').fill('Club Ltd')
  if (taxId !== undefined) await page.locator('input[name=tax_id]').fill(taxId)
  await page.locator('input[name=typed]').fill(FAILS)
  await page.locator('form button.pay').click()
  await page.waitForURL(`**/t/${id}/settings/billing**`)
  await standing({ page, say }).getByText(say('billing:standing.trialing')).waitFor()
  await page.getByRole('region', { name: 'Pro' }).getByText(say('billing:current')).waitFor()
  if (taxId !== undefined) {
    await page
      .getByRole('region', { name: say('billing:invoices.title') })
      .getByText(taxId)
      .first()
      .waitFor()
  }
}

/** Once what Stripe sent has come in. */
async function stands(seen: Visit, id: string, standing: string): Promise<void> {
  await waitFor(`a project that is ${standing}`, async () => {
    const bill = await apiOf(seen).ask<{ standing: string }>('GET', `/tenants/${id}/billing`)
    return bill.standing === standing || undefined
  })
}

/** The card that says how the project stands. */
function standing({ page, say }: Pick<Visit, 'page' | 'say'>): Locator {
  return page.getByRole('region', { name: say('billing:yourPlan') })
}

/** Moves Stripe's time on, and lets it do what has come due. */
async function skip(days: number): Promise<void> {
  await stripe('POST', '/clock', { advance_seconds: days * 86_400 })
}

/** A debt of some days: on every page until when things go on, and where they are paid for. */
async function isOwed(seen: Visit, id: string): Promise<void> {
  const { page, say } = seen
  await openPage(page, `/t/${id}/plans`)
  const banner = page.getByRole('status').filter({ hasText: say('banners.billOwedTitle') })
  await banner.waitFor()
  await banner.getByText(/by \d+ \S+ \d{4}/).waitFor()
  expect(await faults(page)).toEqual([])
  expect(await overflow(page)).toBeLessThanOrEqual(0)
  await banner.getByRole('link', { name: say('banners.toBilling') }).click()
  await page.getByRole('heading', { level: 1, name: say('billing:title') }).waitFor()
  await standing(seen).getByText(say('billing:standing.past_due')).waitFor()
  await page.getByRole('region', { name: /^Pauses on \d/ }).waitFor()
  await page.getByRole('region', { name: say('billing:debt.goesOn') }).waitFor()
  await page
    .getByRole('region', { name: say('billing:invoices.title') })
    .getByText(say('billing:invoices.states.open'))
    .waitFor()
  expect(await faults(page)).toEqual([])
  expect(await overflow(page)).toBeLessThanOrEqual(0)
}

async function payOnInvoice(seen: Visit, id: string): Promise<void> {
  const { page, say, press } = seen
  await press(say('billing:debt.pay'))
  await page.waitForURL('**/i/**')
  await payHere(seen)
  await openPage(page, `/t/${id}/settings/billing`)
  await isPaid(seen, id)
}

/** A debt of more than a week. */
async function isPaused(seen: Visit, id: string): Promise<void> {
  const { page, say } = seen
  await openPage(page, `/t/${id}`)
  const banner = page.getByRole('status').filter({ hasText: say('banners.billPausedTitle') })
  await banner.waitFor()
  await banner.getByText(say('banners.billPausedText')).waitFor()
  expect(await faults(page)).toEqual([])
  await banner.getByRole('link', { name: say('banners.toBilling') }).click()
  await standing(seen).getByText(say('billing:standing.restricted')).waitFor()
  const paused = page.getByRole('region', { name: say('billing:debt.stopped'), exact: true })
  await paused.getByText(say('billing:debt.stopping.broadcasts')).waitFor()
  await page
    .getByRole('region', { name: say('billing:debt.goesOn') })
    .getByText(say('billing:debt.goingOn.access'))
    .waitFor()
  expect(await faults(page)).toEqual([])
  expect(await overflow(page)).toBeLessThanOrEqual(0)
}

/** Nobody new gets a bill. */
async function sellsNothing(bot: Parameters<typeof Phone.of>[1]): Promise<void> {
  const stranger = await Phone.of('Глеб', bot)
  const card = await stranger.choose(PLAN)
  await stranger.press(card, 'Оплатить')
  await stranger.read('купить нельзя', card.message_id - 1)
}

/** Neither by hand nor from a list, where those who have access are extended; returns the page of the list. */
async function givesNobodyNew(seen: Visit, id: string, insider: number): Promise<string> {
  const { page, say, press } = seen
  const api = apiOf(seen)
  const plans = await api.ask<{ items: { id: string }[] }>('GET', `/tenants/${id}/plans`)
  const text = `telegram_id,name,ends_at\n${String(insider)},,31.12.2031\n987555,Зоя,31.12.2031\n`
  const { id: importId } = await api.ask<{ id: string }>('POST', `/tenants/${id}/imports`, {
    file_name: 'люди.csv',
    content: Buffer.from(text).toString('base64'),
    plan_id: plans.items[0]?.id,
    idempotence_key: crypto.randomUUID(),
  })
  const list = `/t/${id}/subscribers/import/${importId}`
  await openPage(page, list)
  await page.getByText(say('imports:held.pause_one', { count: '1' })).waitFor()
  expect(await faults(page)).toEqual([])
  await press(say('imports:summary.start'))
  await press(say('imports:question.submit'))
  await page.getByText(say('imports:held.goOn.pause')).waitFor()
  expect(await faults(page)).toEqual([])
  expect(await overflow(page)).toBeLessThanOrEqual(0)
  await openPage(page, `/t/${id}/subscribers`)
  await page.getByRole('link', { name: 'Глеб' }).click()
  await press(say('subscribers:grant.open'))
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: say('subscribers:grant.submit') }).click()
  const refusal = dialog.getByRole('alert')
  await refusal.getByRole('link', { name: say('form.toBilling') }).waitFor()
  expect(await faults(page)).toEqual([])
  await refusal.getByRole('link').click()
  await standing(seen).waitFor()
  return list
}

/** Whoever stayed on the list gets the access now. */
async function givesTheRest({ page, say, press }: Visit, list: string): Promise<void> {
  await openPage(page, list)
  await press(say('imports:held.start'))
  await page.getByText(say('imports:held.goOn.pause')).waitFor({ state: 'detached' })
  await page.getByText(say('imports:summary.done')).waitFor()
  await page.getByRole('link', { name: 'Зоя' }).waitFor()
}

async function isInside(seen: Visit, id: string): Promise<boolean> {
  const { items } = await apiOf(seen).ask<{ items: { first_name: string; is_inside: boolean }[] }>(
    'GET',
    `/tenants/${id}/users`,
  )
  return items.some(({ first_name, is_inside }) => first_name === 'Вера' && is_inside)
}

/** Another card in the customer portal, and its list of invoices. */
async function payThroughPortal(seen: Visit, id: string): Promise<void> {
  const { page, say, press } = seen
  await press(say('billing:portal'))
  await page.waitForURL('**/p/session/**')
  await page.locator('input[name=typed]').fill(GOOD)
  await page.locator('form button.pay').click()
  await page.waitForURL('**/p/session/**done=1')
  await page.locator('.row', { hasText: 'не оплачен' }).getByRole('link').click()
  await page.waitForURL('**/i/**')
  await payHere(seen)
  await openPage(page, `/t/${id}/settings/billing`)
  await isPaid(seen, id)
}

async function payHere({ page }: Visit): Promise<void> {
  await page.locator('input[name=typed]').fill(GOOD)
  await page.locator('form button.pay').click()
  await page.locator('.chip.good').waitFor()
}

/** The page says so by itself, once Stripe's event has come in. */
async function isPaid(seen: Visit, id: string): Promise<void> {
  const { page, say } = seen
  await standing(seen).getByText(say('billing:standing.active'), { exact: true }).waitFor()
  await page
    .getByRole('region', { name: say('billing:invoices.title') })
    .getByText(say('billing:invoices.states.paid'))
    .first()
    .waitFor()
  await openPage(page, `/t/${id}/plans`)
  expect(await page.getByRole('button', { name: say('banners.pay'), exact: true }).count()).toBe(0)
  await openPage(page, `/t/${id}/settings/billing`)
}

/** Staff gives a part of the invoice back, and the owner reads how much and why. */
async function isGivenBack(owner: Visit, id: string): Promise<void> {
  const staff = await visit({ size: 'phone', language: 'ru', theme: 'dark' })
  const { page, say } = staff
  await becomeStaff(staff)
  await openPage(page, `/staff/tenants/${id}`)
  const card = page.getByRole('region', { name: say('staff:invoices.title') })
  await card
    .getByRole('button', { name: new RegExp(say('staff:invoices.refundOne', { number: '.+' })) })
    .click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel(say('staff:invoices.amount')).fill('5')
  const reason = 'Неделю не работали рассылки'
  await dialog.getByLabel(say('staff:invoices.reason')).fill(reason)
  expect(await faults(page)).toEqual([])
  await dialog.getByRole('button', { name: say('staff:invoices.submit') }).click()
  await card.getByText(say('billing:invoices.refundStates.succeeded')).waitFor()
  expect(await faults(page)).toEqual([])
  expect(await overflow(page)).toBeLessThanOrEqual(0)
  await openPage(owner.page, `/t/${id}/settings/billing`)
  const line = owner.page.getByRole('listitem').filter({ hasText: reason })
  await line.getByText(owner.say('billing:invoices.refundStates.succeeded')).waitFor()
  expect(staff.complaints).toEqual([])
}

test('what the platform switches off for a project is not there any more, and comes back', async () => {
  const owner = await visit(PHONE)
  const staff = await visit(DESKTOP)
  await Promise.all([signUp(owner, 'Olga'), becomeStaff(staff)])
  const { id } = await apiOf(owner).ask<{ id: string }>('POST', '/tenants', { name: 'Olga’s club' })
  await openPage(owner.page, `/t/${id}/settings/api`)
  const webhooks = owner.page.getByRole('heading', {
    name: owner.say('api:webhooks.title'),
    exact: true,
  })
  await webhooks.waitFor()
  const { page, say } = staff
  const flip = async (state: string) => {
    await openPage(page, `/staff/tenants/${id}`)
    await page
      .getByRole('button', {
        name: say('staff:features.changeOne', { name: say('staff:features.names.webhooks') }),
      })
      .click()
    const dialog = page.getByRole('dialog')
    await dialog
      .getByLabel(say('staff:features.state'))
      .selectOption({ label: say(`staff:features.choices.${state}`) })
    await dialog.getByLabel(say('staff:features.reason')).fill('Обращение номер 4217')
    expect(await faults(page)).toEqual([])
    await dialog.getByRole('button', { name: say('actions.save') }).click()
    await dialog.waitFor({ state: 'detached' })
  }
  await flip('off')
  // The owner has the page open all the time.
  await webhooks.waitFor({ state: 'detached' })
  await expect(apiOf(owner).ask('GET', `/tenants/${id}/webhooks`)).rejects.toThrow('feature_off')
  await flip('asAll')
  await waitFor('the webhooks', async () => ((await webhooks.count()) > 0 ? true : undefined))
  await openPage(page, '/staff/features')
  expect(await faults(page)).toEqual([])
  expect([...owner.complaints, ...staff.complaints]).toEqual([])
})
