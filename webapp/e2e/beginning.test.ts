/** Whoever has never been here signs up and has something to sell. */
import { afterEach, expect, test } from 'vitest'
import { type Look, type Visit, useBrowser, visit } from './browser'
import { newBot, newChannel, readLetter } from './sandbox'

useBrowser()
let seen: Visit
afterEach(() => seen.context.close())

const WORDS = {
  ru: {
    name: 'Имя', email: 'Эл. почта', password: 'Пароль', signUp: 'Создать аккаунт',
    letter: 'Проверьте почту',
    verify: 'Подтвердить и войти', tenant: 'Название', create: 'Создать проект',
    bot: 'Бот', connect: 'Подключить бота', token: 'Токен или сообщение BotFather', submit: 'Подключить', works: 'Работает',
    channels: 'Каналы', ready: 'Готов', plans: 'Тарифы', newPlan: 'Новый тариф', title: 'Название', price: 'Цена', createPlan: 'Создать тариф', cost: /990\s₽/,
    more: 'Ещё',
  },
  en: {
    name: 'Name', email: 'E-mail', password: 'Password', signUp: 'Create an account',
    letter: 'Check your mail',
    verify: 'Confirm and log in', tenant: 'Name', create: 'Create the project',
    bot: 'Bot', connect: 'Connect a bot', token: "Token or BotFather's message", submit: 'Connect', works: 'Working',
    channels: 'Channels', ready: 'Ready', plans: 'Plans', newPlan: 'New plan', title: 'Title', price: 'Price', createPlan: 'Create the plan', cost: /₽990/,
    more: 'More',
  },
} // prettier-ignore

const LOOKS: Look[] = [
  { size: 'desktop', language: 'ru', theme: 'light' },
  { size: 'phone', language: 'en', theme: 'dark' },
]

test.each(LOOKS)('from the sign-up to the first plan on sale: $size, $language, $theme', async (look) => {
  seen = await visit(look)
  const { page, complaints } = seen
  const words = WORDS[look.language]
  const press = (name: string) => page.getByRole('button', { name, exact: true }).click()
  const open = async (section: string) => {
    const link = page
      .getByRole('navigation')
      .getByRole('link', { name: section, exact: true })
      .locator('visible=true')
    if (look.size === 'phone' && section === words.bot) await press(words.more)
    await link.first().click()
    await page.getByRole('heading', { level: 1, name: section, exact: true }).waitFor()
  }

  await page.goto('/sign-up')
  await page.getByLabel(words.name).fill('Мария')
  const email = `maria-${look.size}-${String(Date.now())}@lumenpay.example`
  await page.getByLabel(words.email).fill(email)
  await page.getByLabel(words.password, { exact: true }).fill('correct horse battery')
  await press(words.signUp)
  await page.getByRole('heading', { name: words.letter }).waitFor()
  await page.goto(await readLetter(email))
  await page.getByLabel(words.password, { exact: true }).fill('correct horse battery')
  await press(words.verify)
  await page.getByLabel(words.tenant).fill('Клуб Марии')
  await press(words.create)

  const bot = await newBot('club')
  await open(words.bot)
  await press(words.connect)
  await page
    .getByLabel(words.token)
    .fill(`Done! Use this token to access the HTTP API:\n${bot.token}\nKeep your token secure.`)
  await press(words.submit)
  await page.getByText(words.works, { exact: true }).waitFor()

  await newChannel('Закрытый клуб', bot)
  await open(words.channels)
  await page.getByText(words.ready, { exact: true }).waitFor()

  await open(words.plans)
  await page.getByRole('link', { name: words.newPlan }).first().click()
  await page.getByLabel(words.title, { exact: true }).fill('Месяц')
  await page.getByLabel(words.price).fill('990')
  await page.getByRole('checkbox', { name: /Закрытый клуб/ }).click()
  await press(words.createPlan)
  await page.getByRole('link', { name: 'Месяц' }).waitFor()
  await page.getByText(words.cost).waitFor()
  expect(complaints).toEqual([])
})
