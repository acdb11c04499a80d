/** The picture of the chats that the README shows: a subscriber's way from the plans to the channel, and what is left of it. */
import { inject } from 'vitest'
import { USUAL, visit } from './browser'
import { apiOf, signUp, startSelling } from './people'
import { Phone } from './sandbox'

const [MONTH, YEAR] = ['Клуб на месяц', 'Клуб на год']
const SIZE = { width: 1280, height: 860 }

export async function takeChat(path: string): Promise<void> {
  const seller = await visit(USUAL)
  await signUp(seller, 'Мария')
  const { id, bot, botId } = await startSelling(seller, { name: 'Клуб Марии', plan: MONTH })
  const api = apiOf(seller)
  const { items } = await api.ask<{ items: { id: string }[] }>('GET', `/tenants/${id}/channels`)
  const year = { title: YEAR, price_minor: 990_000, period_unit: 'year', period_count: 1, is_giftable: true }
  await api.ask('POST', `/tenants/${id}/plans`, {
    ...year,
    bot_id: botId,
    channel_ids: items.map((one) => one.id),
  })
  const anna = await Phone.of('Анна', bot)
  await anna.ask('/start', 'Здравствуйте')
  await anna.join(await anna.buy(MONTH))
  await anna.ask('/status', MONTH)

  const { page } = await visit(USUAL)
  const chosen = { userId: anna.userId, botId: bot.id, language: 'ru', theme: 'light' }
  await page.addInitScript((kept) => localStorage.setItem('sandbox-chat', JSON.stringify(kept)), chosen)
  await page.setViewportSize(SIZE)
  await page.goto(inject('stage').telegram)
  // Closed lists of commands and channels have the words too.
  await page.getByText('/status').filter({ visible: true }).last().waitFor()
  await page.getByText('Закрытый клуб').filter({ visible: true }).last().waitFor()
  await page.screenshot({ path, animations: 'disabled' })
}
