/** An owner closes a project, sees it on every page and in another window, and calls it off. */
import { expect, test } from 'vitest'
import { faults, overflow } from './axe'
import { LOOKS, logIn, openPage, toast, useBrowser, visit } from './browser'
import { apiOf, signUp, startSelling } from './people'
import { waitFor } from './sandbox'

useBrowser()

test.each(LOOKS)('a project is closed and kept: $size, $language, $theme', async (look) => {
  const seen = await visit(look)
  const { page, say, press } = seen
  const account = await signUp(seen, 'Мария')
  const name = 'Клуб Марии'
  const { id, botId } = await startSelling(seen, { name, plan: 'Месяц' })
  const other = await visit({ ...look, size: 'desktop' })
  await logIn(other, account)
  await openPage(other.page, `/t/${id}/plans`)

  await openPage(page, `/t/${id}/settings/general`)
  await page.getByRole('link', { name: say('settings:danger.open') }).click()
  await page.getByRole('region', { name: say('closings:before.title') }).waitFor()
  expect(await faults(page)).toEqual([])
  expect(await overflow(page)).toBe(0)
  await press(say('closings:close.open'))
  const dialog = page.getByRole('alertdialog')
  const submit = dialog.getByRole('button', { name: say('closings:close.submit'), exact: true })
  expect(await submit.isDisabled()).toBe(true)
  await dialog.getByRole('textbox').fill(name)
  expect(await faults(page)).toEqual([])
  await submit.click()
  await toast(seen, 'closings:close.done').waitFor()
  await page.getByRole('region', { name: say('closings:running.title') }).waitFor()
  expect(await faults(page)).toEqual([])
  expect(await overflow(page)).toBe(0)

  // The window beside it is told, and offers nothing that the server would refuse.
  await other.page.getByText(other.say('banners.closingText')).waitFor()
  expect(await other.page.getByRole('link', { name: other.say('plans:create.open') }).count()).toBe(0)
  await expect(apiOf(seen).ask('POST', `/tenants/${id}/bots/${botId}/pause`)).rejects.toThrow()
  await waitFor('the bot to be gone', async () => {
    const { items } = await apiOf(seen).ask<{ items: unknown[] }>('GET', `/tenants/${id}/bots`)
    return items.length === 0 || undefined
  })

  await other.press(other.say('banners.keep'))
  await other.page.getByText(other.say('banners.closingText')).waitFor({ state: 'detached' })
  await page.getByRole('button', { name: say('closings:close.open') }).waitFor()
  expect([...seen.complaints, ...other.complaints]).toEqual([])
})
