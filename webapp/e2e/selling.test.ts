/** Whoever has never been here signs up, sells, and looks after the first subscriber. */
import { expect, test } from 'vitest'
import { faults } from './axe'
import { LOOKS, type Visit, toast, useBrowser, visit } from './browser'
import { PASSWORD, newAddress } from './people'
import { type Bot, Phone, newBot, newChannel, newShop, readLetter, yookassa } from './sandbox'

useBrowser()

test.each(LOOKS)(
  'from the sign-up to the first subscriber, whose access is extended: $size, $language, $theme',
  async (look) => {
    const seen = await visit(look)
    await signUp(seen)
    const bot = await connect(seen)
    await sell(seen)
    const buyer = await Phone.of('Алиса', bot)
    await meet(seen, buyer)
    await lookAfter(seen)
    expect(seen.complaints).toEqual([])
  },
)

async function signUp({ page, say, press }: Visit): Promise<void> {
  await page.goto('/sign-up')
  await page.getByLabel(say('auth:name')).fill('Мария')
  const email = newAddress('maria')
  await page.getByLabel(say('auth:email')).fill(email)
  await page.getByLabel(say('auth:password'), { exact: true }).fill(PASSWORD)
  await press(say('auth:signUp.submit'))
  await page.getByRole('heading', { name: say('auth:letter.title') }).waitFor()
  await page.goto(await readLetter(email))
  await page.getByLabel(say('auth:password'), { exact: true }).fill(PASSWORD)
  await press(say('auth:verify.submit'))
  await page.getByLabel(say('tenants:name')).fill('Клуб Марии')
  await press(say('tenants:create.submit'))
}

/** A bot, the shop's keys and the shop's cabinet, a channel that the bot is made admin of. */
async function connect({ page, say, press, follow }: Visit): Promise<Bot> {
  const bot = await newBot('club')
  await follow('bots')
  await press(say('bots:connect.open'))
  await page
    .getByLabel(say('bots:connect.token'))
    .fill(`Done! Use this token to access the HTTP API:\n${bot.token}\nKeep your token secure.`)
  await press(say('bots:connect.submit'))
  await page.getByText(say('bots:states.healthy'), { exact: true }).waitFor()

  const shop = await newShop()
  await follow('shop')
  await page.getByLabel('shopId').fill(shop.shop_id)
  await page.getByLabel(say('settings:shop.key'), { exact: true }).fill(shop.secret_key)
  await press(say('settings:shop.connect.submit'))
  const url = await page.locator('code', { hasText: 'http' }).textContent()
  await yookassa('PUT', `/shops/${shop.shop_id}/notification-url`, { url })

  await newChannel('Закрытый клуб', bot)
  await follow('channels')
  await page.getByText(say('channels:status.active'), { exact: true }).waitFor()
  return bot
}

async function sell({ page, say, press, follow }: Visit): Promise<void> {
  await follow('plans')
  await page
    .getByRole('link', { name: say('plans:create.open') })
    .first()
    .click()
  await page.getByLabel(say('plans:fields.title'), { exact: true }).fill('Клуб на месяц')
  await page.getByLabel(say('plans:fields.price'), { exact: true }).fill('990')
  await page.getByRole('checkbox', { name: /Закрытый клуб/ }).click()
  await press(say('plans:create.submit'))
  await page.getByRole('link', { name: 'Клуб на месяц' }).waitFor()
  await page.getByText(/990\s₽|₽990/).waitFor()
}

/** The owner looks at the empty list of subscribers; whoever buys appears in it without a reload. */
async function meet({ page, say, follow }: Visit, buyer: Phone): Promise<void> {
  await follow('subscribers')
  await page.getByText(say('subscribers:empty.title')).waitFor()
  await buyer.ask('/start', 'Алиса')
  await buyer.join(await buyer.buy('Клуб на месяц'))
  await page.getByText(say('subscribers:state.active')).locator('visible=true').waitFor()
  await page.getByRole('link', { name: 'Алиса' }).click()
  await page.getByRole('heading', { level: 1, name: 'Алиса' }).waitFor()
  const timeline = page.getByRole('region', { name: say('subscribers:timeline') })
  for (const happening of ['users.met', 'payments.paid', 'periods.opened', 'access.joined'])
    await timeline.getByText(say(`timeline:what.${happening}`)).waitFor()
}

const DAYS = 14

async function lookAfter(seen: Visit): Promise<void> {
  const { page, say, press } = seen
  const subscriptions = page.getByRole('region', { name: say('subscribers:subscriptions.title') })
  const end = async () =>
    Date.parse((await subscriptions.locator('time').first().getAttribute('datetime')) ?? '')
  const before = await end()
  await press(say('subscribers:extend.open'))
  const dialog = page.getByRole('dialog', {
    name: say('subscribers:extend.title', { plan: 'Клуб на месяц' }),
  })
  await dialog.getByLabel(say('subscribers:extend.days')).fill(String(DAYS))
  const [promised] = (await dialog.getByText(resultOf(say)).textContent())?.match(/\d+ [^ .]+\.? \d{4}/) ?? []
  expect(promised).toBeDefined()
  expect(await faults(page)).toEqual([])
  await dialog.getByRole('button', { name: say('subscribers:extend.submit'), exact: true }).click()
  await toast(seen, 'subscribers:extend.done').waitFor()
  await subscriptions.getByText(String(promised)).waitFor()
  expect((await end()) - before).toBe(DAYS * 86_400_000)
  await page.getByText(say('timeline:what.audit.subscription.extended')).waitFor()
}

function resultOf(say: Visit['say']): RegExp {
  return new RegExp(say('subscribers:extend.result', { at: '.+' }))
}
