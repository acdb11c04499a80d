/** A broadcast from the first word to the last reader: written, looked at in Telegram, scheduled, sent, paused, resumed. */
import { expect, inject, test } from 'vitest'
import { changeTheme, faults, overflow } from './axe'
import { type Look, SIZES, type Visit, logIn, openPage, settled, toast, useBrowser, visit } from './browser'
import { signUp, startSelling } from './people'
import { type Bot, Phone } from './sandbox'

/** So many that a pause comes between them: a bot writes to 28 a second. */
const READERS = 160
const AT_ONCE = 20
const DESKTOP: Look = { size: 'desktop', language: 'ru', theme: 'light' }
const PHONE: Look = { size: 'phone', language: 'en', theme: 'dark' }

useBrowser()

test(
  'an owner writes to everybody, and watches it go out through a pause',
  { timeout: 240_000 },
  async () => {
    const seen = await visit(DESKTOP)
    const { page, say, press } = seen
    const account = await signUp(seen, 'Мария')
    const { id, bot } = await startSelling(seen, { name: 'Клуб с рассылками', plan: 'Месяц' })
    const anna = await Phone.of('Анна', bot)
    await anna.ask('/start', 'Здравствуйте')
    await gather(bot)

    await openPage(page, `/t/${id}/broadcasts`)
    await page.getByText(say('broadcasts:empty.title')).waitFor()
    await page
      .getByRole('link', { name: say('broadcasts:create.open') })
      .first()
      .click()
    await write(seen)
    expect(await look(seen)).toEqual([])
    await press(say('broadcasts:form.submit'))
    await page.getByRole('heading', { level: 1, name: 'Эфир сегодня' }).waitFor()

    await press(say('broadcasts:test.toMe'))
    await page.getByText(say('broadcasts:test.missing.title')).waitFor()
    // Where the stand-in is all the Telegram there is, its chat page is where the bot is.
    const chat = page.getByRole('link', {
      name: say('broadcasts:test.missing.open', { bot: `@${bot.username}` }),
    })
    expect(await chat.getAttribute('href')).toBe(`${inject('stage').telegram}/?bot=${bot.username}`)
    await press(say('broadcasts:test.toOne'))
    await page.getByRole('searchbox', { name: say('broadcasts:test.pick.search') }).fill('Анна')
    await page.getByRole('button', { name: /^Анна/ }).click()
    await toast(seen, 'broadcasts:test.done').waitFor()
    await anna.read('Анна, эфир сегодня')

    await press(say('broadcasts:schedule.open'))
    await page.getByLabel(say('broadcasts:schedule.day')).fill('2099-12-01')
    await page.getByLabel(say('broadcasts:schedule.time'), { exact: true }).fill('18:30')
    await page.getByRole('switch', { name: say('broadcasts:schedule.readers') }).click()
    expect(await faults(page)).toEqual([])
    await page
      .getByRole('dialog')
      .getByRole('button', { name: say('broadcasts:schedule.submit') })
      .click()
    await page.getByText(/1 дек\. 2099.*18:30/).waitFor()
    expect(await look(seen)).toEqual([])

    await press(say('broadcasts:send.now'))
    const question = page.getByRole('alertdialog')
    await question.getByText(String(READERS + 1)).waitFor()
    await question.getByRole('button', { name: say('broadcasts:start.submit') }).click()
    const bar = page.getByRole('progressbar', { name: say('broadcasts:run.progress') })
    await page.waitForFunction(() => Number(document.querySelector('[role=progressbar]')?.ariaValueNow) > 0)
    await press(say('broadcasts:run.pause'))
    await page.getByText(say('broadcasts:paused.asked.title')).waitFor()
    expect(await look(seen)).toEqual([])

    // After a reload it is where it was, and goes on from there.
    await openPage(page, new URL(page.url()).pathname)
    await press(say('broadcasts:run.resume'))
    await page.getByText(say('broadcasts:status.finished')).waitFor()
    expect(await bar.getAttribute('aria-valuenow')).toBe(String(READERS + 1))
    expect((await anna.messages()).filter(({ text }) => text === 'Анна, эфир сегодня')).toHaveLength(2)
    expect(await look(seen)).toEqual([])

    const phone = await visit(PHONE)
    await logIn(phone, account)
    await openPage(phone.page, new URL(page.url()).pathname)
    await phone.page.getByText(phone.say('broadcasts:status.finished')).waitFor()
    expect(await look(phone)).toEqual([])
    expect([...seen.complaints, ...phone.complaints]).toEqual([])
  },
)

/** The text with a mark and a name, a button, and how it will look. */
async function write({ page, say, press }: Visit): Promise<void> {
  await page.getByLabel(say('broadcasts:fields.title'), { exact: true }).fill('Эфир сегодня')
  const text = page.getByLabel(say('broadcasts:fields.text'), { exact: true })
  await press(say('markup:variables.insert', { name: say('broadcasts:variables.name') }))
  await text.pressSequentially(', эфир сегодня')
  await text.evaluate((area: HTMLTextAreaElement) => area.setSelectionRange(8, 12))
  await page.keyboard.press('Control+KeyB')
  expect(await text.inputValue()).toBe('{name}, <b>эфир</b> сегодня')
  await press(say('broadcasts:buttons.add'))
  await page.getByLabel(say('broadcasts:buttons.text'), { exact: true }).fill('Купить')
  await page
    .getByLabel(say('broadcasts:buttons.target'))
    .selectOption({ label: say('broadcasts:buttons.targets.plan_id') })
  await page.locator('[name="buttons.0.plan_id"]').selectOption({ label: 'Месяц' })
  const preview = page.getByRole('region', { name: say('broadcasts:preview.title') })
  await preview.locator('strong', { hasText: 'эфир' }).waitFor()
  await preview.getByText('Купить').waitFor()
  await page.getByLabel(say('broadcasts:hours.from'), { exact: true }).selectOption('0')
  await page.getByLabel(say('broadcasts:hours.until'), { exact: true }).selectOption('24')
  await page.getByText(new RegExp(`^Получ.* ${String(READERS + 1)} `)).waitFor()
}

/** Lets people start the bot, and waits until it has answered each. */
async function gather(bot: Bot): Promise<void> {
  const numbers = Array.from({ length: READERS }, (_, number) => number)
  for (let from = 0; from < READERS; from += AT_ONCE)
    await Promise.all(
      numbers.slice(from, from + AT_ONCE).map(async (number) => {
        const reader = await Phone.of(`Читатель ${String(number)}`, bot)
        await reader.ask('/start', 'Здравствуйте')
      }),
    )
}

/** What is wrong with a page in both themes and sizes. */
async function look({ page }: Visit): Promise<string[]> {
  const found: string[] = []
  const before = page.viewportSize() ?? SIZES.desktop
  const isDark = await page.evaluate(() => document.documentElement.classList.contains('dark'))
  for (const [size, theme] of [
    [before, isDark ? 'light' : 'dark'],
    [SIZES.phone, isDark ? 'light' : 'dark'],
    [before, isDark ? 'dark' : 'light'],
  ] as const) {
    await page.setViewportSize(size)
    await changeTheme(page, theme)
    await settled(page)
    found.push(...(await faults(page)))
    const wide = await overflow(page)
    if (wide > 0) found.push(`${String(wide)} pixels wider than the window`)
  }
  return found
}
