/** Every page in both languages, both themes and both sizes: no complaint of axe, none of the browser, no other host. */
import { AxeBuilder } from '@axe-core/playwright'
import { afterEach, describe, expect, test } from 'vitest'
import { type Look, type Visit, openPage, useBrowser, visit, visitAsOwner } from './browser'

/** Pages of a tenant: a line each. */
const PAGES = [
  '',
  '/analytics',
  '/test-drive',
  '/subscribers',
  '/plans',
  '/plans/new',
  '/channels',
  '/settings/bot',
  '/nowhere',
]
const ENTRANCE = ['/log-in', '/sign-up']

const LOOKS: Look[] = [
  { size: 'desktop', language: 'ru', theme: 'light' },
  { size: 'desktop', language: 'en', theme: 'dark' },
  { size: 'phone', language: 'ru', theme: 'dark' },
  { size: 'phone', language: 'en', theme: 'light' },
]

useBrowser()
let seen: Visit
afterEach(() => seen.context.close())

describe.each(LOOKS)('$size, $language, $theme', (look) => {
  test('pages of a tenant', async () => {
    seen = await visitAsOwner(look, PAGES[0] ?? '')
    for (const path of PAGES) {
      await openPage(seen.page, path)
      expect(await faults(), path).toEqual([])
      expect(await overflow(), path).toBe(0)
    }
    expect(seen.complaints).toEqual([])
  })

  test('the entrance', async () => {
    seen = await visit(look)
    for (const path of ENTRANCE) {
      await seen.page.goto(path)
      await seen.page.getByRole('heading', { level: 1 }).waitFor()
      expect(await faults(), path).toEqual([])
    }
    expect(seen.complaints).toEqual([])
  })
})

test('an open menu, dialog and palette have no faults either', async () => {
  seen = await visitAsOwner({ size: 'desktop', language: 'ru', theme: 'light' }, '/settings/bot')
  const { page } = seen
  await page
    .getByRole('main')
    .getByRole('button', { name: /Действия с ботом/ })
    .click()
  await page.getByRole('menuitem', { name: 'Удалить бота' }).click()
  await page.getByRole('alertdialog').waitFor()
  expect(await faults()).toEqual([])
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+KeyK')
  await page.getByRole('combobox').waitFor()
  expect(await faults()).toEqual([])
  expect(seen.complaints).toEqual([])
})

test('a stored choice of theme is there at the first paint', async () => {
  seen = await visitAsOwner({ size: 'desktop', language: 'ru', theme: 'light' }, '/plans')
  await seen.page.evaluate(() => localStorage.setItem('lumenpay.theme', 'dark'))
  // Without a single line of the app: only the small script before it.
  await seen.page.route('**/assets/*.js', (route) => route.abort())
  await seen.page.reload()
  expect(await seen.page.evaluate(() => document.documentElement.className)).toBe('dark')
})

async function faults(): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page: seen.page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze()
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
}

async function overflow(): Promise<number> {
  return seen.page.evaluate(() =>
    Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth),
  )
}
