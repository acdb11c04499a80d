/** Debian's Chromium, and people in it. */
import { type Browser, type BrowserContext, type Page, chromium } from 'playwright-core'
import { afterAll, beforeAll, inject } from 'vitest'

export const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1440, height: 900 } } as const
export const LOCALES = { ru: 'ru-RU', en: 'en-GB' } as const

export interface Look {
  size: keyof typeof SIZES
  language: keyof typeof LOCALES
  theme: 'light' | 'dark'
}

let browser: Browser

/** To be called once in a test file. */
export function useBrowser(): void {
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: process.env.CHROME_PATH ?? '/usr/bin/chromium',
      args: [
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
      ],
    })
  })
  afterAll(() => browser.close())
}

export interface Visit {
  page: Page
  context: BrowserContext
  /** What the browser complained of, and requests to other hosts: both must stay empty. */
  complaints: string[]
}

/** A fresh browser window. Everything that goes wrong in it is written down. */
export async function visit({ size, language, theme }: Look): Promise<Visit> {
  const { portal } = inject('stage')
  const context = await browser.newContext({
    baseURL: portal,
    viewport: SIZES[size],
    hasTouch: size === 'phone',
    locale: LOCALES[language],
    colorScheme: theme,
    timezoneId: 'Europe/Moscow',
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  const complaints: string[] = []
  // A browser writes every answer of 4xx into its console; those are part of the pages' work.
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url())
    if (protocol !== 'data:' && protocol !== 'blob:' && origin !== portal)
      complaints.push(`request to ${origin}`)
  })
  return { page, context, complaints }
}

/** Logs the owner of the stage's tenant in, and opens a page of the tenant. */
export async function visitAsOwner(look: Look, path: string): Promise<Visit> {
  const { email, password } = inject('stage')
  const seen = await visit(look)
  const answer = await seen.context.request.post('/api/v1/auth/log-in', {
    data: { email, password },
    headers: { origin: inject('stage').portal },
  })
  if (!answer.ok()) throw new Error(`log-in answered ${String(answer.status())}`)
  await openPage(seen.page, path)
  return seen
}

export async function openPage(page: Page, path: string): Promise<void> {
  await page.goto(`/t/${inject('stage').tenantId}${path}`)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.locator('[aria-busy=true]').waitFor({ state: 'detached' })
}
