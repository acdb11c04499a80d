/** An owner has the whole project written into an archive, from where exports are and from where a project is closed. */
import { readFile } from 'node:fs/promises'
import { expect, inject, test } from 'vitest'
import { faults, overflow } from './axe'
import { LOOKS, logIn, openPage, useBrowser, visit } from './browser'

useBrowser()

test.each(LOOKS)('everything is taken along as one archive: $size, $language, $theme', async (look) => {
  const seen = await visit(look)
  const { page, say, press, complaints } = seen
  const { tenantId } = inject('stage')
  await logIn(seen)
  await openPage(page, `/t/${tenantId}/settings/closing`)
  await press(say('exports:whole.open'))
  const dialog = page.getByRole('dialog')
  await dialog.getByText(say('exports:whole.care')).waitFor()
  expect(await faults(page)).toEqual([])
  expect(await overflow(page)).toBe(0)
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'hidden' })

  await openPage(page, `/t/${tenantId}/exports`)
  await press(say('exports:whole.open'))
  await press(say('exports:whole.submit'))
  await dialog.getByText(say('exports:ready')).waitFor()
  expect(await faults(page)).toEqual([])
  const waiting = page.waitForEvent('download')
  await dialog.getByRole('link', { name: say('exports:download') }).click()
  const download = await waiting
  expect(download.suggestedFilename()).toMatch(/^project-.*\.zip$/)
  const body = await readFile(await download.path())
  expect(body.subarray(0, 4).toString('latin1')).toBe('PK\u0003\u0004')
  for (const name of ['README.txt', 'bots.csv', 'audit_events.csv']) expect(body.includes(name)).toBe(true)
  expect(complaints).toEqual([])
})
