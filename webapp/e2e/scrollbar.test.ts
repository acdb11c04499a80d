/** A browser whose scroll bars take room: a dialog dims all of the window, and nothing moves when it opens. */
import { type Page, chromium } from 'playwright-core'
import { expect, inject, test } from 'vitest'
import { executablePath, QUIET, settled } from './browser'

test('a dialog covers the place of the scroll bar, and the page behind it stays where it was', async () => {
  const { portal, email, password, tenantId } = inject('stage')
  const browser = await chromium.launch({
    executablePath,
    args: QUIET,
    ignoreDefaultArgs: ['--hide-scrollbars'],
  })
  try {
    const context = await browser.newContext({
      baseURL: portal,
      viewport: { width: 1280, height: 700 },
      reducedMotion: 'reduce',
    })
    await context.request.post('/api/v1/auth/log-in', {
      data: { email, password },
      headers: { origin: portal },
    })
    const page = await context.newPage()
    await page.goto(`/t/${tenantId}/settings/billing`)
    await settled(page)
    const before = await measure(page)
    expect(before.visible).toBeLessThan(before.window)
    await page.keyboard.press('Control+k')
    await page.getByRole('dialog').waitFor()
    // The page is locked a moment after the dialog is there.
    await page.waitForFunction(() => document.documentElement.clientWidth === window.innerWidth)
    const behind = await measure(page)
    expect(behind.title).toBe(before.title)
  } finally {
    await browser.close()
  }
})

/** How wide the window is, with and without the scroll bar's place, and where the page's title begins. */
function measure(page: Page): Promise<{ window: number; visible: number; title: number | undefined }> {
  return page.evaluate(() => ({
    window: window.innerWidth,
    visible: document.documentElement.clientWidth,
    title: document.querySelector('h1')?.getBoundingClientRect().x,
  }))
}
