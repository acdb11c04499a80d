/** What an owner gets ready for: drafts that call people back, and a picture from their own disk in a broadcast. */
import { expect, inject, test } from 'vitest'
import { faults, overflow } from './axe'
import { type Look, SIZES, type Visit, openPage, toast, useBrowser, visit } from './browser'
import { signUp, startSelling } from './people'
import { Phone } from './sandbox'

const DESKTOP: Look = { size: 'desktop', language: 'ru', theme: 'light' }
const PICTURE = {
  name: 'Эфир в среду.png',
  mimeType: 'image/png',
  buffer: Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    Buffer.alloc(3_000_000),
  ]),
}

useBrowser()

test('three drafts for those who left are written at once, and each can be turned on', async () => {
  const seen = await visit(DESKTOP)
  const { page, say, press } = seen
  await signUp(seen, 'Мария')
  const { id } = await startSelling(seen, { name: 'Клуб, в который возвращаются', plan: 'Месяц' })
  await openPage(page, `/t/${id}/broadcasts`)
  await press(say('broadcasts:calls.open'))
  await page.getByRole('group', { name: say('broadcasts:calls.one', { number: '3' }) }).waitFor()
  expect(await look(seen)).toEqual([])
  await press(say('broadcasts:calls.submit'))
  await toast(seen, 'broadcasts:calls.done').waitFor()
  const moments = page.getByText(/^Через \d+ \S+ после окончания подписки$/)
  await moments.first().waitFor()
  expect(await moments.count()).toBe(3)
  await page.getByRole('link', { name: 'Ушедшим: через 30 дней' }).click()
  await page.getByRole('button', { name: say('broadcasts:send.turnOn') }).waitFor()
  expect(await look(seen)).toEqual([])
  expect(seen.complaints).toEqual([])
})

test('a picture from the disk comes to the owner first, and is sent by the id that Telegram gave it', async () => {
  const person = await newPerson()
  const seen = await visit(DESKTOP, { elsewhere: [inject('stage').oidc] })
  const { page, say, press } = seen
  await signUp(seen, 'Мария')
  const { id, bot } = await startSelling(seen, { name: 'Клуб с картинками', plan: 'Месяц' })
  await begin(seen, id)
  await page.locator('input[type=file]').setInputFiles(PICTURE)
  await page.getByText(say('broadcasts:upload.missing.title')).waitFor()
  expect(await look(seen)).toEqual([])

  await link(seen, person.name)
  const phone = await Phone.of(person.name, bot, person.id)
  await phone.ask('/start', 'Здравствуйте')
  await begin(seen, id)
  await page.locator('input[type=file]').setInputFiles(PICTURE)
  await page.getByText(say('broadcasts:upload.done', { name: PICTURE.name })).waitFor()
  expect(await page.getByLabel(say('broadcasts:fields.medium'), { exact: true }).inputValue()).toMatch(
    /^AgAD/,
  )
  expect((await phone.messages()).filter((message) => 'photo' in message)).toHaveLength(1)
  expect(await look(seen)).toEqual([])

  await page.getByLabel(say('broadcasts:fields.title'), { exact: true }).fill('Эфир')
  await page.getByLabel(say('broadcasts:fields.text'), { exact: true }).fill('Увидимся в среду')
  await press(say('broadcasts:form.submit'))
  await page.getByRole('heading', { level: 1, name: 'Эфир' }).waitFor()
  await press(say('broadcasts:test.toMe'))
  await toast(seen, 'broadcasts:test.done').waitFor()
  expect((await phone.messages()).filter((message) => 'photo' in message)).toHaveLength(2)
  // The server's refusal of the first try is in the browser's own log.
  expect(seen.complaints.filter((text) => !text.includes('409'))).toEqual([])
})

async function begin({ page, say }: Visit, tenantId: string): Promise<void> {
  await openPage(page, `/t/${tenantId}/broadcasts/new`)
  await page
    .getByLabel(say('broadcasts:fields.mediumKind'), { exact: true })
    .selectOption({ label: say('broadcasts:media.photo') })
}

/** Somebody with an account at Telegram. */
async function newPerson(): Promise<{ id: number; name: string }> {
  const name = `Мария ${String(Date.now())}`
  const answer = await fetch(`${inject('stage').oidc}/sandbox/telegram/people`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name }),
  })
  const { id } = (await answer.json()) as { id: number }
  return { id, name }
}

async function link({ page, say }: Visit, name: string): Promise<void> {
  await openPage(page, '/account')
  const line = page.getByRole('listitem').filter({ hasText: 'Telegram' })
  await line.getByRole('button', { name: say('account:linked.link') }).click()
  await page.waitForURL(`${inject('stage').oidc}/**`)
  await page.getByRole('button', { name }).click()
  await page.waitForURL('**/account')
  await line.getByText(new RegExp(`^${name} · `)).waitFor()
}

/** What is wrong with the page on a desktop and on a phone. */
async function look({ page }: Visit): Promise<string[]> {
  const found: string[] = []
  for (const size of [SIZES.phone, SIZES.desktop]) {
    await page.setViewportSize(size)
    if (process.env.SHOTS)
      await page.screenshot({
        fullPage: true,
        path: `${process.env.SHOTS}/${String(Date.now())}-${String(size.width)}.png`,
      })
    const wide = await overflow(page)
    found.push(...(await faults(page)), ...(wide > 0 ? [`${String(wide)} pixels wider than the window`] : []))
  }
  return found
}
