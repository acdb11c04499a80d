/** Debian's Chromium, and people in it. */
import { type Browser, type BrowserContext, type Locator, type Page, chromium } from 'playwright-core'
import { afterAll, afterEach, beforeAll, inject } from 'vitest'
import { type Language, type Say, inLanguage } from './texts'

export const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1440, height: 900 } } as const
const LOCALES: Record<Language, string> = { ru: 'ru-RU', en: 'en-GB' }
export const QUIET = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
]
export const executablePath = process.env.CHROME_PATH ?? '/usr/bin/chromium'

export interface Look {
  size: keyof typeof SIZES
  language: Language
  theme: 'light' | 'dark'
}

/** Both languages, themes and sizes, each with each at least once. */
export const LOOKS: readonly Look[] = [
  { size: 'desktop', language: 'ru', theme: 'light' },
  { size: 'desktop', language: 'en', theme: 'dark' },
  { size: 'phone', language: 'ru', theme: 'dark' },
  { size: 'phone', language: 'en', theme: 'light' },
]
export const USUAL: Look = { size: 'desktop', language: 'ru', theme: 'light' }

let browser: Browser
let open: BrowserContext[] = []

/**
 * To be called once in a test file. Windows close after their test.
 *
 * Chromium's own words, those in date fields for one, are in its `language`, whatever the page's is.
 */
export function useBrowser(language = 'en'): void {
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath,
      args: QUIET,
      env: { ...process.env, LANGUAGE: language },
    })
  })
  afterEach(async () => {
    const left = open
    open = []
    await Promise.all(left.map((context) => context.close()))
  })
  afterAll(() => browser.close())
}

export interface Visit {
  page: Page
  context: BrowserContext
  say: Say
  /** What the browser complained of, and requests to other hosts: both must stay empty. */
  complaints: string[]
  press: (name: string | RegExp) => Promise<void>
  /** Follows a link of the sections: the sidebar, on a phone the bar below or what is behind "More". */
  follow: (section: string) => Promise<void>
}

interface VisitOptions {
  /** Other hosts that people are sent to, which are no complaint. */
  elsewhere?: readonly string[]
}

/** A fresh browser window. Everything that goes wrong in it is written down. */
export async function visit(look: Look, { elsewhere = [] }: VisitOptions = {}): Promise<Visit> {
  const { portal } = inject('stage')
  const { size, language, theme } = look
  const context = await browser.newContext({
    baseURL: portal,
    viewport: SIZES[size],
    hasTouch: size === 'phone',
    locale: LOCALES[language],
    colorScheme: theme,
    timezoneId: 'Europe/Moscow',
    reducedMotion: 'reduce',
  })
  open.push(context)
  context.setDefaultTimeout(20_000)
  const page = await context.newPage()
  const say = inLanguage(language)
  const press = (name: string | RegExp) => page.getByRole('button', { name, exact: true }).click()
  const follow = async (section: string) => {
    const name = say(`nav.${section}`)
    const link = page.getByRole('navigation').getByRole('link', { name, exact: true }).locator('visible=true')
    // The sections come with the tenant: the first of them is there when all are.
    await page.getByRole('navigation').getByRole('link').locator('visible=true').first().waitFor()
    if (size === 'phone' && (await link.count()) === 0) await press(say('nav.more'))
    await link.first().click()
    await page.getByRole('heading', { level: 1 }).waitFor()
  }
  const complaints = listen(page, [portal, ...elsewhere])
  return { page, context, say, complaints, press, follow }
}

function listen(page: Page, hosts: readonly string[]): string[] {
  const complaints: string[] = []
  // A browser writes every answer of 4xx into its console; those are part of the pages' work.
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url())
    if (protocol !== 'data:' && protocol !== 'blob:' && !hosts.includes(origin))
      complaints.push(`request to ${origin}`)
  })
  return complaints
}

export interface Account {
  email: string
  password: string
}

/** Logs somebody in; without an account it is the owner of the stage's tenant. */
export async function logIn(seen: Visit, { email, password }: Account = inject('stage')): Promise<void> {
  const { portal } = inject('stage')
  const answer = await seen.context.request.post('/api/v1/auth/log-in', {
    data: { email, password },
    headers: { origin: portal },
  })
  if (!answer.ok()) throw new Error(`log-in answered ${String(answer.status())}: ${await answer.text()}`)
}

/** Logs the owner of the stage's tenant in, and opens a page of the tenant. */
export async function visitAsOwner(look: Look, path: string): Promise<Visit> {
  const seen = await visit(look)
  await logIn(seen)
  await openPage(seen.page, `/t/${inject('stage').tenantId}${path}`)
  return seen
}

export async function openPage(page: Page, address: string): Promise<void> {
  await page.goto(address)
  await settled(page)
}

/** Until a page shows what it is about. */
export async function settled(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.waitForFunction(() => document.querySelector('[aria-busy=true], .animate-pulse') === null)
}

/** A toast with words of the catalogue. */
export function toast(seen: Visit, key: string): Locator {
  return seen.page.locator('[data-sonner-toast]', { hasText: seen.say(key) })
}
