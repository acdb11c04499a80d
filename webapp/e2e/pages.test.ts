/** Every page in both languages, themes and sizes: no complaint of axe, none of the browser, no other host. */
import type { Page } from 'playwright-core'
import { beforeAll, expect, inject, test } from 'vitest'
import { ADDRESSES, type Who, visitsOf } from './addresses'
import { changeTheme, faults, overflow } from './axe'
import { SIZES, USUAL, type Visit, logIn, settled, useBrowser, visit, visitAsOwner } from './browser'
import { Api, apiOf, becomeStaff, newAddress } from './people'
import { type Bot, readLetter, telegram, waitFor } from './sandbox'

useBrowser()

let values: Record<string, string> = {}
let invitation = ''
let staffCookies: Awaited<ReturnType<Visit['context']['cookies']>> = []

beforeAll(async () => {
  const owner = await visit(USUAL)
  await logIn(owner)
  values = await furnish(apiOf(owner), inject('stage').tenantId)
  invitation = await invite(apiOf(owner), inject('stage').tenantId)
  const staff = await visit(USUAL)
  await becomeStaff(staff)
  staffCookies = await staff.context.cookies()
  await Promise.all([owner.context.close(), staff.context.close()])
})

const AREAS = [
  { who: 'nobody', area: 'the entrance' },
  { who: 'owner', area: 'pages of an owner' },
  { who: 'staff', area: 'the console of the staff' },
] as const

/** Each page is looked at in both themes and sizes, each theme once in each size. */
const LANGUAGES = [
  { language: 'ru', desktop: 'light', phone: 'dark' },
  { language: 'en', desktop: 'dark', phone: 'light' },
] as const

test.each(AREAS.flatMap((area) => LANGUAGES.map((themes) => ({ ...area, ...themes }))))(
  '$area: no faults in $language, $desktop on a desktop and $phone on a phone',
  async ({ who, language, desktop, phone }) => {
    const seen = await visit({ size: 'desktop', language, theme: desktop })
    const { page, complaints } = seen
    await enter(seen, who)
    const found: Record<string, string[]> = {}
    for (const address of addressesOf(who)) {
      await go(page, address)
      const noted = await faults(page)
      // By their places: the number behind a name may come a moment later.
      const tabs = page.getByRole('tab')
      const closed = await tabs.evaluateAll((all) =>
        all.flatMap((tab, place) => (tab.getAttribute('aria-selected') === 'false' ? [place] : [])),
      )
      for (const place of closed) {
        await tabs.nth(place).click()
        await settled(page)
        noted.push(...(await faults(page)))
      }
      await page.setViewportSize(SIZES.phone)
      await changeTheme(page, phone)
      await settled(page)
      noted.push(...(await faults(page)))
      const wide = await overflow(page)
      if (wide > 0) noted.push(`${String(wide)} pixels wider than the window`)
      await page.setViewportSize(SIZES.desktop)
      await changeTheme(page, desktop)
      noted.push(...complaints.splice(0))
      if (noted.length > 0) found[address] = noted
    }
    expect(found).toEqual({})
  },
  240_000,
)

test('an open menu and dialog have no faults either', async () => {
  const { page, say, complaints } = await visitAsOwner(USUAL, '/settings/bot')
  await page
    .getByRole('main')
    .getByRole('button', { name: new RegExp(say('bots:menu', { bot: '' })) })
    .click()
  expect(await faults(page, '[role=menu]')).toEqual([])
  await page.getByRole('menuitem', { name: say('bots:delete.open') }).click()
  await page.getByRole('alertdialog').waitFor()
  expect(await faults(page)).toEqual([])
  expect(complaints).toEqual([])
})

/** Goes on inside the app where its page is another one, as Back and Forward do; else by way of an empty page. */
async function go(page: Page, address: string): Promise<void> {
  const { portal } = inject('stage')
  const isInside = page.url().startsWith(`${portal}/`) && !/[?#]/.test(address + page.url())
  if (isInside && (await page.locator('h1').count()) === 1) {
    await page.locator('h1').evaluate((heading, to) => {
      heading.setAttribute('data-left', '')
      history.pushState(null, '', to)
      dispatchEvent(new PopStateEvent('popstate', { state: null }))
    }, address)
    await page.locator('h1:not([data-left])').waitFor()
  } else {
    await page.goto('about:blank')
    await page.goto(`${portal}${address}`)
  }
  await settled(page)
}

function addressesOf(who: Who): string[] {
  const found = ADDRESSES.filter((address) => address.who === who).flatMap((address) =>
    visitsOf(address, values),
  )
  return who === 'nobody' ? [...found, invitation] : found
}

async function enter(seen: Visit, who: Who): Promise<void> {
  if (who === 'owner') await logIn(seen)
  if (who === 'staff') await seen.context.addCookies(staffCookies)
}

/** Gives the stage's tenant something of everything, and returns what the addresses of single things end with. */
async function furnish(api: Api, tenantId: string): Promise<Record<string, string>> {
  const of = <Answer>(method: string, path: string, body?: unknown) =>
    api.ask<Answer>(method, `/tenants/${tenantId}${path}`, body)
  const first = async (path: string) => {
    const [item] = (await of<{ items: { id: string }[] }>('GET', path)).items
    if (!item) throw new Error(`nothing at ${path}`)
    return item.id
  }
  const [userId, planId, paymentId, botId] = await Promise.all(
    ['/users', '/plans', '/payments', '/bots'].map(first),
  )
  await of('PUT', `/users/${String(userId)}/tags/vip`)
  await of('PUT', `/users/${String(userId)}/note`, { note: 'Просила скидку на год' })
  const code = { code: 'AUTUMN', discount_kind: 'percent', discount_value: 20, bot_id: botId }
  const { id: promoCodeId } = await of<{ id: string }>('POST', '/promo-codes', code)
  await of('POST', '/api-keys', { name: 'Бухгалтерия', scopes: ['payments:read', 'users:read'] })
  const told = { url: 'https://hooks.example.com/lumenpay', event_types: ['refund.succeeded'] }
  await of('POST', '/webhooks', { ...told, description: 'CRM' })
  await of('POST', '/exports', { kind: 'subscribers', format: 'csv', columns: ['first_name'], query: '' })
  const { id: importId } = await of<{ id: string }>('POST', '/imports', {
    file_name: 'people.csv', content: btoa('telegram_id,username\n42,\n,anna_k\nx,\n'), plan_id: planId, grace_days: 7,
    idempotence_key: crypto.randomUUID(),
  }) // prettier-ignore
  const { id: broadcastId } = await of<{ id: string }>('POST', '/broadcasts', {
    bot_id: botId, title: 'Эфир', text: '{name}, <b>эфир</b> сегодня', idempotence_key: crypto.randomUUID(),
    buttons: [{ row: 0, text: 'Тариф', plan_id: planId }], query: 'state=active',
  }) // prettier-ignore
  await setUpdateAside(of, String(botId))
  return {
    tenantId, userId: String(userId), planId: String(planId), paymentId: String(paymentId), promoCodeId, importId, broadcastId, provider: 'google',
  } // prettier-ignore
}

/** Lets a bot get an update that nobody can read. */
async function setUpdateAside(
  of: <Answer>(method: string, path: string) => Promise<Answer>,
  botId: string,
): Promise<void> {
  const { username } = await of<{ username: string }>('GET', `/bots/${botId}`)
  const bots = await telegram<Bot[]>('GET', '/bots')
  const id = bots.find((bot) => bot.username === username)?.id
  await telegram('POST', `/bots/${String(id)}/raw-updates`, { update: { message: { text: 1 } } })
  await waitFor('the update to be set aside', async () =>
    (await of<{ items: unknown[] }>('GET', `/bots/${botId}/updates/quarantined`)).items.at(0),
  )
}

async function invite(api: Api, tenantId: string): Promise<string> {
  const email = newAddress('bob')
  await api.ask('POST', `/tenants/${tenantId}/invitations`, { email, role: 'support', locale: 'ru' })
  const { pathname, hash } = new URL(await readLetter(email))
  return pathname + hash
}
