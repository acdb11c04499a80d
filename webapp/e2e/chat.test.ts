/** The chat page of the Telegram stand-in: who one is there is what its address says. */
import { expect, inject, test } from 'vitest'
import { USUAL, useBrowser, visit } from './browser'
import { Phone, newBot } from './sandbox'

useBrowser()

test('an address with a person opens the chats as that person, whoever one was before', async () => {
  const { telegram } = inject('stage')
  const bot = await newBot('chat')
  const { userId: anna } = await Phone.of('Анна', bot)
  const { userId: boris } = await Phone.of('Борис', bot)
  const { page, complaints } = await visit(USUAL, { elsewhere: [telegram] })
  const chosen = page.locator('#sidebar select')
  await page.goto(`${telegram}/?you=${String(anna)}`)
  await expect.poll(() => chosen.inputValue()).toBe(String(anna))

  await page.goto(`${telegram}/?you=${String(boris)}`)
  await expect.poll(() => chosen.inputValue()).toBe(String(boris))
  await page.goto(telegram)
  await expect.poll(() => chosen.inputValue()).toBe(String(boris))

  await chosen.selectOption(String(anna))
  await page.waitForURL(`${telegram}/?you=${String(anna)}`)
  await page.reload()
  await expect.poll(() => chosen.inputValue()).toBe(String(anna))
  expect(complaints).toEqual([])
})

test('an address with a bot opens the chat with it, once', async () => {
  const { telegram } = inject('stage')
  const bots = [await newBot('first'), await newBot('second')]
  const { page, complaints } = await visit(USUAL, { elsewhere: [telegram] })
  const head = page.locator('#conversation header')
  for (const { username } of bots) {
    await page.goto(`${telegram}/?bot=${username}`)
    await head.getByText(`@${username}`).waitFor()
    expect(new URL(page.url()).searchParams.has('bot')).toBe(false)
  }
  await page
    .locator('#sidebar')
    .getByText(`@${bots[0]?.username ?? ''}`)
    .click()
  await page.reload()
  await head.getByText(`@${bots[0]?.username ?? ''}`).waitFor()
  expect(complaints).toEqual([])
})
