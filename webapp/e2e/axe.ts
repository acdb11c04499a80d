/** What a page does wrong towards those who do not see it, or not well. */
import Axe from 'axe-core'
import type { Page } from 'playwright-core'

/** Complaints of axe about the page as it is now, or about a part of it, each with the element. */
export async function faults(page: Page, part?: string): Promise<string[]> {
  await still(page)
  // Given to the page once a document: the content security policy has no say in what a debugger evaluates.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(Axe.source)
  return page.evaluate(async (within) => {
    const { axe } = window as unknown as { axe: typeof Axe }
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
    const { violations } = await axe.run(within ?? document, {
      runOnly: { type: 'tag', values: tags },
      resultTypes: ['violations'],
    })
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
  }, part)
}

/** Until nothing moves or changes its colour any more, except what does so for ever. */
async function still(page: Page): Promise<void> {
  await page.waitForFunction(() =>
    document
      .getAnimations()
      .every(
        ({ playState, effect }) =>
          playState !== 'running' || effect?.getComputedTiming().endTime === Infinity,
      ),
  )
}

/** Lets the person prefer another theme, and waits until the page is in it. */
export async function changeTheme(page: Page, theme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme: theme })
  await page.waitForFunction(
    (isDark) => document.documentElement.classList.contains('dark') === isDark,
    theme === 'dark',
  )
}

/** By how many pixels the page is wider than the window. */
export async function overflow(page: Page): Promise<number> {
  return page.evaluate(() =>
    Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth),
  )
}
