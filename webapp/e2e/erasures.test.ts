/** An owner hands a subscriber a copy of their data, and has them forgotten; the list tells how far it is. */
import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { faults, overflow } from './axe'
import { LOOKS, openPage, toast, useBrowser, visit } from './browser'
import { apiOf, signUp, startSelling } from './people'
import { Phone } from './sandbox'

useBrowser()

test.each([LOOKS[0], LOOKS[3]].filter((look) => look !== undefined))(
  'a copy is taken, then the person is to be forgotten: $size, $language, $theme',
  async (look) => {
    const seen = await visit(look)
    const { page, say, press, complaints } = seen
    await signUp(seen, 'Мария')
    const { id, bot } = await startSelling(seen, { name: 'Клуб Марии', plan: 'Месяц' })
    const phone = await Phone.of('Анна', bot)
    await phone.ask('/start', '')
    const path = `/tenants/${id}/users`
    const { items } = await apiOf(seen).ask<{ items: { id: string }[] }>('GET', path)
    const [anna] = items.map((user) => user.id)

    await openPage(page, `/t/${id}/subscribers/${String(anna)}`)
    const card = page.getByRole('region', { name: say('subscribers:personalData.card') })
    await card.scrollIntoViewIfNeeded()
    expect(await faults(page)).toEqual([])
    const saving = page.waitForEvent('download')
    await press(say('subscribers:personalData.tell'))
    const copy = await readFile(await (await saving).path(), 'utf8')
    expect(copy).toContain('Анна')

    await press(say('subscribers:personalData.open'))
    const dialog = page.getByRole('alertdialog')
    await dialog.getByRole('textbox').fill('Анна')
    expect(await faults(page)).toEqual([])
    await dialog.getByRole('button', { name: say('subscribers:personalData.submit') }).click()
    await toast(seen, 'subscribers:personalData.asked').waitFor()
    await page.getByText(say('subscribers:personalData.notice.askedText')).waitFor()
    expect(await page.getByText(say('subscribers:states.blocked'), { exact: true }).count()).toBe(0)
    expect(await faults(page)).toEqual([])
    expect(await overflow(page)).toBe(0)
    await card.getByRole('link', { name: say('subscribers:personalData.all') }).click()
    await page.getByRole('heading', { level: 1, name: say('erasures:title') }).waitFor()
    expect(await faults(page)).toEqual([])
    expect(await overflow(page)).toBe(0)

    await page.getByText(say('erasures:states.open')).locator('visible=true').last().waitFor()
    expect(complaints).toEqual([])
  },
)
