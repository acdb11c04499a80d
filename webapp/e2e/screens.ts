/** Takes a picture of every page, on a desktop and a phone, light and dark, into `docs/screens`. */
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, inject, test } from 'vitest'
import { ADDRESSES, type Who, visitsOf } from './addresses'
import { changeTheme } from './axe'
import { PASSWORD, type Api, apiOf, becomeStaff, newAddress } from './people'
import { type Look, USUAL, type Visit, logIn, openPage, useBrowser, visit } from './browser'
import { takeChat } from './chat-picture'
import { type Bot, readLetter, telegram } from './sandbox'
import { STATES } from './screen-states'
import { play, root } from './stage'

useBrowser('ru')

const folder = join(root, 'docs/screens/')
const QUALITY = 0.82
/** Pictures of the README, in English too. */
const IN_ENGLISH = [
  { pattern: '/t/:tenantId', size: 'desktop', theme: 'light' },
  { pattern: '/t/:tenantId/subscribers/:userId', size: 'desktop', theme: 'dark' },
  { pattern: '/t/:tenantId/payments', size: 'phone', theme: 'light' },
  { pattern: '/t/:tenantId/payments/reconciliation', size: 'desktop', theme: 'light' },
  { pattern: '/t/:tenantId/subscribers/import/:importId', size: 'phone', theme: 'dark' },
] as const

const WHO = { nobody: 'before logging in', owner: 'an owner', staff: 'staff of the platform' }
const HEAD = [
  '# The portal, page by page',
  '',
  'Every page of the router on a desktop (1440 × 900) and a phone (390 × 844), light and dark, over an invented club with half',
  'a year behind it. `make screens` takes them all anew and writes this list; names are `page-size-theme.webp`.',
  '',
  '| Page | Desktop, light | Other looks |',
  '| --- | --- | --- |',
]

let values: Record<string, string> = {}
/** Addresses of pages that only a letter leads to. */
let links: Partial<Record<string, string>> = {}
let staffCookies: Awaited<ReturnType<Visit['context']['cookies']>> = []

beforeAll(async () => {
  const stage = inject('stage')
  const { tenantId } = stage
  const [owner, staff] = await Promise.all([visit(USUAL), visit(USUAL)])
  await logIn(owner)
  await becomeStaff(staff)
  staffCookies = await staff.context.cookies()
  await setUpdatesAside()
  const ids = JSON.parse(await play(stage, 'tests.e2e.populated', tenantId)) as Record<string, string>
  values = { tenantId, provider: 'google', ...ids }
  links = await sendLetters(apiOf(owner), tenantId)
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  await Promise.all([owner.context.close(), staff.context.close()])
})

test.each(['desktop', 'phone'] as const)('every page on a %s', { timeout: 900_000 }, async (size) => {
  const encoder = await visit(USUAL)
  for (const who of ['nobody', 'owner', 'staff'] as const) {
    const seen = await visit({ size, language: 'ru', theme: 'light' })
    await enter(seen, who)
    for (const { pattern } of ADDRESSES.filter((address) => address.who === who)) {
      await openPage(seen.page, links[pattern] ?? visitsOf({ who, pattern }, values)[0] ?? '/')
      for (const theme of ['light', 'dark'] as const) {
        await changeTheme(seen.page, theme)
        await take(seen.page, encoder.page, `${nameOf(pattern)}-${size}-${theme}`)
      }
      // A letter's link is good for one page: the next one begins anew.
      if (links[pattern]) await seen.page.goto('about:blank')
      await changeThemeBack(seen.page)
    }
    await seen.context.close()
  }
})

test.each(['desktop', 'phone'] as const)(
  'what an address alone does not show, on a %s',
  { timeout: 300_000 },
  async (size) => {
    const encoder = await visit(USUAL)
    const seen = await visit({ size, language: 'ru', theme: 'light' })
    await enter(seen, 'owner')
    for (const { name, pattern, act } of STATES) {
      await openPage(seen.page, visitsOf({ who: 'owner', pattern }, values)[0] ?? '/')
      await act?.(seen)
      await take(seen.page, encoder.page, `${name}-${size}-light`)
    }
  },
)

test('pages of the README in English', { timeout: 120_000 }, async () => {
  const encoder = await visit(USUAL)
  for (const { pattern, size, theme } of IN_ENGLISH) {
    const look: Look = { size, language: 'en', theme }
    const seen = await visit(look)
    await enter(seen, 'owner')
    await openPage(seen.page, visitsOf({ who: 'owner', pattern }, values)[0] ?? '/')
    await take(seen.page, encoder.page, `en-${nameOf(pattern)}-${size}-${theme}`)
    await seen.context.close()
  }
})

test('the chat page of the README', { timeout: 120_000 }, () =>
  takeChat(join(root, 'docs/pictures/chat.png')),
)

/** The index: a line a page, a picture of it, and links to its other looks. */
afterAll(async () => {
  const lines = ADDRESSES.map(({ pattern, who }) => {
    const name = nameOf(pattern)
    const link = (look: string) => `[${look.replace('-', ', ')}](${name}-${look}.webp)`
    const others = ['desktop-dark', 'phone-light', 'phone-dark'].map(link).join('<br>')
    return `| \`${pattern}\`<br>${WHO[who]} | ![${pattern}](${name}-desktop-light.webp) | ${others} |`
  })
  const english = IN_ENGLISH.map(({ pattern, size, theme }) => {
    return `- [\`${pattern}\`, ${size}, ${theme}](en-${nameOf(pattern)}-${size}-${theme}.webp)`
  })
  const states = STATES.map(({ name, pattern, what }) => {
    const looks = ['desktop', 'phone'].map((size) => `[${size}](${name}-${size}-light.webp)`)
    return `- \`${pattern}\`, ${what}: ${looks.join(', ')}`
  })
  const more = [
    '',
    'What an address alone does not show:',
    '',
    ...states,
    '',
    'In English:',
    '',
    ...english,
    '',
  ]
  const text = [...HEAD, ...lines, ...more].join('\n')
  await writeFile(`${folder}README.md`, text)
})

async function enter(seen: Visit, who: Who): Promise<void> {
  // A picture may take its time: nothing is shown by how fast it comes.
  seen.context.setDefaultTimeout(120_000)
  const { email = '' } = values
  if (who === 'owner') await logIn(seen, { email, password: inject('stage').password })
  if (who === 'staff') await seen.context.addCookies(staffCookies)
}

async function changeThemeBack(page: Page): Promise<void> {
  await page.emulateMedia({ colorScheme: 'light' })
}

/** Saves what the window shows as WebP, which Chromium writes itself: a quarter of a PNG, and as crisp. */
async function take(page: Page, encoder: Page, name: string): Promise<void> {
  const png = await page.screenshot({ animations: 'disabled' })
  const webp = await encoder.evaluate(
    async ([source, quality]) => {
      const bytes = Uint8Array.from(atob(source), (letter) => letter.charCodeAt(0))
      const picture = await createImageBitmap(new Blob([bytes]))
      const canvas = new OffscreenCanvas(picture.width, picture.height)
      canvas.getContext('2d')?.drawImage(picture, 0, 0)
      const blob = await canvas.convertToBlob({ type: 'image/webp', quality })
      return Array.from(new Uint8Array(await blob.arrayBuffer()))
    },
    [png.toString('base64'), QUALITY] as const,
  )
  await writeFile(`${folder}${name}.webp`, Uint8Array.from(webp))
}

/** Lets the tenant's bot get updates that nobody can read. */
async function setUpdatesAside(): Promise<void> {
  const [bot] = await telegram<Bot[]>('GET', '/bots')
  for (const message of [{ text: 1 }, { text: null, chat: 'club' }])
    await telegram('POST', `/bots/${String(bot?.id)}/raw-updates`, { update: { message } })
}

async function sendLetters(api: Api, tenantId: string): Promise<Partial<Record<string, string>>> {
  const [guest, newcomer] = ['pavel.zotov@example.com', newAddress('newcomer')]
  await api.ask('POST', `/tenants/${tenantId}/invitations`, { email: guest, role: 'support', locale: 'ru' })
  const account = { email: newcomer, password: PASSWORD, name: 'Анна', locale: 'ru' }
  await api.ask('POST', '/auth/sign-up', account)
  const pathOf = async (email: string) => {
    const { pathname, hash } = new URL(await readLetter(email))
    return pathname + hash
  }
  const { email: owner = '' } = values
  await api.ask('POST', '/auth/password/forgot', { email: owner })
  return {
    '/invitation': await pathOf(guest),
    '/verify-email': await pathOf(newcomer),
    '/reset-password': await pathOf(owner),
  }
}

/** `/t/:tenantId/plans/:planId` is `plans-one`, `/staff/tenants` is `staff-tenants`, a tenant's start is `dashboard`. */
function nameOf(pattern: string): string {
  const isInside = pattern.startsWith('/t/:tenantId')
  const path = isInside ? pattern.slice('/t/:tenantId'.length) : pattern
  const name = path.slice(1).replace(/:\w+/g, 'one').replaceAll('/', '-')
  if (name === '') return 'dashboard'
  return isInside && name === 'nowhere' ? 'nowhere-inside' : name
}
