/** What the frame of all pages does while a network is slow, and at the first paint. */
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { faults } from './axe'
import { USUAL, useBrowser, visitAsOwner } from './browser'

useBrowser()

test('what is typed while the command palette loads is in its field, and goes on there', async () => {
  const { page, say, complaints } = await visitAsOwner(USUAL, '/plans')
  const release = await hold(page, '**/assets/palette-*.js')
  const find = await hold(page, '**/search?*')
  await page.keyboard.press('Control+KeyK')
  await page.getByRole('textbox', { name: say('palette.title') }).waitFor()
  expect(await faults(page)).toEqual([])
  await page.keyboard.type('тари')
  release()
  const field = page.getByRole('combobox', { name: say('palette.title') })
  await field.waitFor()
  await page.keyboard.type('фы')
  expect(await field.inputValue()).toBe('тарифы')
  await page.getByText(say('palette.searching')).waitFor()
  expect(await faults(page)).toEqual([])
  find()
  await page.getByText(say('palette.searching')).waitFor({ state: 'detached' })
  expect(await faults(page)).toEqual([])
  await page.getByRole('option', { name: say('nav.plans'), selected: true }).waitFor()
  await page.keyboard.press('Escape')
  await field.waitFor({ state: 'detached' })
  expect(complaints).toEqual([])
})

test('the focus comes back to the button that opened the palette', async () => {
  const { page, say } = await visitAsOwner(USUAL, '/plans')
  const button = page.getByRole('button', { name: say('palette.open') }).locator('visible=true')
  await button.click()
  await page.getByRole('combobox').waitFor()
  await page.keyboard.press('Escape')
  await expect.poll(() => button.evaluate((element) => element === document.activeElement)).toBe(true)
})

test('a stored choice of theme is there at the first paint', async () => {
  const { page } = await visitAsOwner(USUAL, '/plans')
  await page.evaluate(() => localStorage.setItem('lumenpay.theme', 'dark'))
  // Without a single line of the app: only the small script before it.
  await page.route('**/assets/*.js', (route) => route.abort())
  await page.reload()
  expect(await page.evaluate(() => document.documentElement.className)).toBe('dark')
})

/** Lets requests wait until the returned function is called. */
async function hold(page: Page, files: string): Promise<() => void> {
  let release: () => void = () => undefined
  const released = new Promise<void>((resolve) => (release = resolve))
  await page.route(files, async (route) => {
    await released
    await route.continue()
  })
  return release
}
