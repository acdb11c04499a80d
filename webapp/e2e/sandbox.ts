/** Telegram, YooKassa and Stripe as the people of the tests use them. */
import { inject } from 'vitest'

async function call<Answer>(
  server: 'telegram' | 'yookassa' | 'stripe' | 'mail',
  method: string,
  path: string,
  body?: unknown,
): Promise<Answer> {
  const answer = await fetch(`${inject('stage')[server]}/sandbox${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  if (!answer.ok)
    throw new Error(`${method} ${path} answered ${String(answer.status)}: ${await answer.text()}`)
  return (await answer.json()) as Answer
}

export const telegram = <Answer>(method: string, path: string, body?: unknown) =>
  call<Answer>('telegram', method, path, body)
export const yookassa = <Answer>(method: string, path: string, body?: unknown) =>
  call<Answer>('yookassa', method, path, body)
export const stripe = <Answer>(method: string, path: string, body?: unknown) =>
  call<Answer>('stripe', method, path, body)

/** Looks again and again until there is something to see. */
export async function waitFor<Seen>(what: string, look: () => Promise<Seen | undefined>): Promise<Seen> {
  const deadline = Date.now() + 30_000
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (Date.now() > deadline) throw new Error(`waited in vain: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

/** The first link of the newest letter to an address, once it is there. */
export function readLetter(to: string): Promise<string> {
  return waitFor(`a letter to ${to}`, async () => {
    const { letters } = await call<{ letters: { links: string[] }[] }>(
      'mail',
      'GET',
      `/letters?to=${encodeURIComponent(to)}`,
    )
    return letters.flatMap(({ links }) => links)[0]
  })
}

export interface Bot {
  id: number
  token: string
  username: string
  ownerId: number
}

/** A person asks BotFather for a bot. */
export async function newBot(name: string): Promise<Bot> {
  const owner = await telegram<{ id: number }>('POST', '/users', { first_name: 'Мария', language_code: 'ru' })
  const username = `${name}_${Math.random().toString(36).slice(2, 8)}_bot`
  const made = await telegram<{ id: number; token: string }>('POST', '/bots', {
    name: 'Клуб',
    username,
    owner_user_id: owner.id,
  })
  return { ...made, username, ownerId: owner.id }
}

/** Makes the bot an admin of a new channel. */
export async function newChannel(
  title: string,
  bot: Bot,
  rights: Record<string, boolean> = {},
): Promise<number> {
  const { id } = await telegram<{ id: number }>('POST', '/channels', {
    title,
    owner_user_id: bot.ownerId,
    type: 'channel',
  })
  await telegram('PUT', `/channels/${String(id)}/admins/${String(bot.id)}`, rights)
  return id
}

/** A shop in the gateway's cabinet. */
export async function newShop(): Promise<{ shop_id: string; secret_key: string }> {
  const made = await yookassa<{ shop_id: string | number; secret_key: string }>('POST', '/shops', {
    name: 'Клуб Марии',
    test: true,
  })
  return { shop_id: String(made.shop_id), secret_key: made.secret_key }
}

interface Button {
  text: string
  url?: string
  callback_data?: string
}

interface Message {
  message_id: number
  from: 'bot' | 'user'
  text?: string
  deleted?: boolean
  reply_markup?: { inline_keyboard?: Button[][] }
}

const GOOD_CARD = '5555555555554477'

/** Somebody with a phone, in the chat with a bot. */
export class Phone {
  private constructor(
    readonly userId: number,
    private readonly bot: Bot,
  ) {}

  /** A new person; with an id, the one whom the provider of logging in knows by it. */
  static async of(name: string, bot: Bot, userId?: number): Promise<Phone> {
    const person = { first_name: name, language_code: 'ru', ...(userId !== undefined && { id: userId }) }
    const { id } = await telegram<{ id: number }>('POST', '/users', person)
    return new Phone(id, bot)
  }

  async messages(): Promise<Message[]> {
    const chat = await telegram<{ messages: Message[] }>(
      'GET',
      `/users/${String(this.userId)}/chats/${String(this.bot.id)}`,
    )
    return chat.messages.filter(({ from, deleted }) => from === 'bot' && !deleted)
  }

  write(text: string): Promise<unknown> {
    return telegram('POST', `/users/${String(this.userId)}/messages`, { bot_id: this.bot.id, text })
  }

  /** The newest message with the words, after a message; edited ones count where `after` is zero. */
  read(words: string, after = 0): Promise<Message> {
    return waitFor(`a message with ${words}`, async () =>
      (await this.messages())
        .filter(({ message_id, text }) => message_id > after && text?.includes(words))
        .at(-1),
    )
  }

  async ask(text: string, words: string): Promise<Message> {
    const last = Math.max(0, ...(await this.messages()).map(({ message_id }) => message_id))
    await this.write(text)
    return this.read(words, last)
  }

  async press(message: Message, caption: string): Promise<void> {
    await telegram('POST', `/users/${String(this.userId)}/callbacks`, {
      bot_id: this.bot.id,
      message_id: message.message_id,
      data: findButton(message, caption).callback_data,
    })
  }

  /** Chooses a plan, pays for it with a good card, and returns the link that lets in. */
  async buy(plan: string): Promise<string> {
    const card = await this.choose(plan)
    await this.press(card, 'Оплатить')
    return this.pay(card.message_id - 1)
  }

  /** Chooses a plan and returns its card. */
  async choose(plan: string): Promise<Message> {
    await this.press(await this.ask('/buy', 'Выберите тариф'), plan)
    return this.read('Цена')
  }

  /** Pays the bill that comes after a message with a good card, and returns the link that lets in. */
  async pay(after: number): Promise<string> {
    const bill = await this.payBill(after)
    return findButton(await this.read('✅', bill), 'Войти').url ?? ''
  }

  /** Buys a plan for somebody else, and returns what the link hands to /start. */
  async give(plan: string): Promise<string> {
    const card = await this.choose(plan)
    await this.press(card, 'Подарить')
    const asked = await this.read('в подарок', card.message_id - 1)
    await this.press(asked, 'Оплатить')
    const bill = await this.payBill(asked.message_id - 1)
    const { searchParams } = new URL(findButton(await this.read('дарит вам', bill), 'Открыть').url ?? '')
    return searchParams.get('start') ?? ''
  }

  /** Pays the bill that comes after a message with a good card, and returns the bill's own number. */
  async payBill(after: number): Promise<number> {
    const bill = await this.read('К оплате', after)
    const { pathname } = new URL(findButton(bill, 'Оплатить').url ?? '')
    await yookassa('POST', `/payments/${String(pathname.split('/').at(-1))}/pay`, { card: GOOD_CARD })
    return bill.message_id
  }

  /** The link that the newest message with the words lets in by. */
  async entryLink(words: string): Promise<string> {
    return findButton(await this.read(words), 'Войти').url ?? ''
  }

  join(inviteLink: string): Promise<unknown> {
    return telegram('POST', `/users/${String(this.userId)}/join`, { invite_link: inviteLink })
  }
}

function findButton(message: Message, caption: string): Button {
  const found = message.reply_markup?.inline_keyboard?.flat().find(({ text }) => text.includes(caption))
  if (!found) throw new Error(`no button «${caption}» under: ${String(message.text)}`)
  return found
}
