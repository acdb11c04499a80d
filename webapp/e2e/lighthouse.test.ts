/** Lighthouse on the pages that people see most: nothing that keeps anybody out, and the habits of a good page. */
import lighthouse, { type Flags } from 'lighthouse'
import { createServer } from 'node:net'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { QUIET, executablePath } from './browser'
import { Api } from './people'

const BEST_PRACTICES = 0.95
let folder: string
let port: number
let context: BrowserContext

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lumenpay-lighthouse-'))
  port = await freePort()
  // Its own window, not one apart: Lighthouse opens its tabs beside the first one, where the session's cookie is.
  context = await chromium.launchPersistentContext(folder, {
    executablePath,
    args: [...QUIET, `--remote-debugging-port=${String(port)}`],
  })
})
afterAll(async () => {
  await context.close()
  await rm(folder, { recursive: true, force: true })
})

test.each([
  { page: 'the log-in', path: '/log-in', isInside: false },
  { page: 'the dashboard', path: '', isInside: true },
  { page: 'subscribers', path: '/subscribers', isInside: true },
  { page: 'payments', path: '/payments', isInside: true },
])('$page', async ({ path, isInside }) => {
  const { portal, tenantId, email, password } = inject('stage')
  if (isInside) await new Api(context.request).ask('POST', '/auth/log-in', { email, password })
  const url = `${portal}${isInside ? `/t/${tenantId}` : ''}${path}`
  const flags: Flags = {
    port,
    onlyCategories: ['accessibility', 'best-practices'],
    disableStorageReset: true,
    disableFullPageScreenshot: true,
    logLevel: 'error',
  }
  const { lhr } = (await lighthouse(url, flags)) ?? {}
  expect(lhr?.finalDisplayedUrl).toBe(url)
  const failed = Object.values(lhr?.audits ?? {}).filter(({ score }) => score !== null && score < 1)
  const said = failed.map(({ id, title }) => `${id}: ${title}`).join('\n')
  expect(lhr?.categories.accessibility?.score, said).toBe(1)
  expect(lhr?.categories['best-practices']?.score, said).toBeGreaterThanOrEqual(BEST_PRACTICES)
})

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
