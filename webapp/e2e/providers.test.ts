/** Logging in with Telegram and with Google, through a provider's own page and back. */
import { expect, inject, test } from 'vitest'
import { type Look, type Visit, openPage, useBrowser, visit } from './browser'
import { signUp } from './people'

const CASES: { id: string; title: string; look: Look }[] = [
  { id: 'telegram', title: 'Telegram', look: { size: 'phone', language: 'ru', theme: 'dark' } },
  { id: 'google', title: 'Google', look: { size: 'desktop', language: 'en', theme: 'light' } },
]

useBrowser()

test.each(CASES)(
  'whoever is new makes an account with $title, and comes back to it',
  async ({ id, title, look }) => {
    const name = await newPerson(id)
    const first = await visit(look, { elsewhere: [inject('stage').oidc] })
    await enter(first, title, name)
    await first.page.getByLabel(first.say('tenants:name')).fill('Клуб через сервис')
    await first.press(first.say('tenants:create.submit'))
    await first.page.waitForURL('**/t/*')
    const { pathname } = new URL(first.page.url())
    await openPage(first.page, '/account')
    await first.page.getByText(new RegExp(`^${name} · `)).waitFor()

    const again = await visit(look, { elsewhere: [inject('stage').oidc] })
    await enter(again, title, name)
    await again.page.waitForURL(`**${pathname}`)
    expect([...first.complaints, ...again.complaints]).toEqual([])
  },
)

test.each(CASES)(
  'whoever has an account links $title to it, and logs in to the same one',
  async ({ id, title, look }) => {
    const name = await newPerson(id)
    const first = await visit(look, { elsewhere: [inject('stage').oidc] })
    const { email } = await signUp(first, 'Мария')
    await openPage(first.page, '/account')
    const line = first.page.getByRole('listitem').filter({ hasText: title })
    await line.getByRole('button', { name: first.say('account:linked.link') }).click()
    await choose(first, name)
    await first.page.waitForURL('**/account')
    await line.getByText(new RegExp(`^${name} · `)).waitFor()

    const again = await visit(look, { elsewhere: [inject('stage').oidc] })
    await enter(again, title, name)
    await again.page.waitForURL('**/tenants/new')
    await openPage(again.page, '/account')
    await again.page.getByRole('main').getByText(email).waitFor()
    expect([...first.complaints, ...again.complaints]).toEqual([])
  },
)

test.each(CASES)('whoever calls it off at $title is told so and can try again', async ({ title, look }) => {
  const seen = await visit(look, { elsewhere: [inject('stage').oidc] })
  await enter(seen, title, 'Nobody')
  await seen.page.getByText(seen.say('auth:providers.refused')).waitFor()
  await seen.page.getByRole('link', { name: seen.say('auth:letter.logIn') }).click()
  await seen.page.getByRole('heading', { name: seen.say('auth:logIn.title') }).waitFor()
  expect(seen.complaints).toEqual([])
})

/** Somebody with an account at the provider. */
async function newPerson(provider: string): Promise<string> {
  const name = `Ирина ${String(Date.now())}`
  const answer = await fetch(`${inject('stage').oidc}/sandbox/${provider}/people`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name }),
  })
  expect(answer.status).toBe(200)
  return name
}

async function enter(seen: Visit, title: string, name: string): Promise<void> {
  await openPage(seen.page, '/log-in')
  await seen.press(seen.say('auth:providers.logIn', { provider: title }))
  await choose(seen, name)
}

/** On the provider's page. */
async function choose({ page }: Visit, name: string): Promise<void> {
  await page.waitForURL(`${inject('stage').oidc}/**`)
  await page.getByRole('button', { name }).click()
}
