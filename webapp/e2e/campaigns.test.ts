/** Where people come from: an owner makes a link and switches the referral programme on, and sees whom both brought. */
import { expect, inject, test } from 'vitest'
import { faults, overflow } from './axe'
import { type Visit, openPage, toast, useBrowser, visitAsOwner } from './browser'
import { apiOf } from './people'
import { type Bot, Phone, telegram } from './sandbox'

useBrowser()

test('a link is made, followed and counted; an invitation is made in the bot and followed, and stands in the list', async () => {
  const { tenantId } = inject('stage')
  const seen = await visitAsOwner({ size: 'desktop', language: 'ru', theme: 'light' }, '/campaigns')
  const { page, say, press } = seen
  const bot = await botOf(seen)

  await page
    .getByRole('button', { name: say('campaigns:create.open') })
    .first()
    .click()
  await page.getByLabel(say('campaigns:fields.name')).fill('ВК, ноябрь')
  await page.getByLabel(say('campaigns:fields.source')).fill('vk_november')
  await press(say('campaigns:create.submit'))
  await toast(seen, 'campaigns:create.done').waitFor()
  await (await Phone.of('Вера', bot)).ask('/start vk_november', 'Здравствуйте')
  await openPage(page, `/t/${tenantId}/campaigns`)
  await page.getByRole('row', { name: /ВК, ноябрь.*vk_november 1/ }).waitFor()
  await press(say('campaigns:menu', { name: 'ВК, ноябрь' }))
  await page.getByRole('menuitem', { name: say('campaigns:link.open') }).click()
  const picture = page.getByRole('img', { name: say('campaigns:link.qr', { name: 'ВК, ноябрь' }) })
  await expect
    .poll(() => picture.evaluate((image) => (image as HTMLImageElement).naturalWidth))
    .toBeGreaterThan(0)
  await press(say('actions.close'))

  await page.getByRole('tab', { name: say('campaigns:tabs.referrals') }).click()
  await page.getByRole('switch', { name: say('referrals:settings.isOn') }).click()
  await choose(seen, 'referrals:settings.reward', 'referrals:settings.kinds.days')
  await page.getByLabel(say('referrals:settings.days'), { exact: true }).fill('7')
  await choose(seen, 'referrals:settings.welcome', 'referrals:settings.kinds.percent')
  await page.getByLabel(say('referrals:settings.percent'), { exact: true }).fill('10')
  await press(say('actions.save'))
  await toast(seen, 'referrals:settings.done').waitFor()
  const inviter = await Phone.of('Глеб', bot)
  const { text = '' } = await inviter.ask('/invite', 'Ваша ссылка')
  const payload = /start=(\S+)/.exec(text)?.[1] ?? ''
  await (await Phone.of('Дина', bot)).ask(`/start ${payload}`, 'скидка 10 %')
  await page.getByRole('row', { name: /Дина Глеб/ }).waitFor()
  expect(seen.complaints).toEqual([])

  const phone = await visitAsOwner({ size: 'phone', language: 'en', theme: 'dark' }, '/campaigns')
  for (const tab of ['links', 'referrals']) {
    await openPage(phone.page, `/t/${tenantId}/campaigns?tab=${tab}`)
    expect(await faults(phone.page)).toEqual([])
    expect(await overflow(phone.page)).toBeLessThanOrEqual(0)
  }
})

async function botOf(seen: Visit): Promise<Bot> {
  const { items } = await apiOf(seen).ask<{ items: { username: string }[] }>(
    'GET',
    `/tenants/${inject('stage').tenantId}/bots`,
  )
  const known = (await telegram<Bot[]>('GET', '/bots')).find(
    ({ username }) => username === items[0]?.username,
  )
  if (!known) throw new Error('the tenant has no bot')
  return known
}

async function choose({ page, say }: Visit, label: string, choice: string): Promise<void> {
  await page.getByLabel(say(label), { exact: true }).selectOption({ label: say(choice) })
}
