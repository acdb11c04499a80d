/** People with accounts, made by the API as the portal would. */
import { createHmac } from 'node:crypto'
import type { APIRequestContext } from 'playwright-core'
import { inject } from 'vitest'
import type { Account, Visit } from './browser'
import { type Bot, newBot, newChannel, newShop, readLetter, waitFor, yookassa } from './sandbox'
import { operate } from './stage'

export const PASSWORD = 'correct horse battery'

/** The API in somebody's name, with the cookies of a window. */
export class Api {
  constructor(private readonly request: APIRequestContext) {}

  async ask<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    const { portal } = inject('stage')
    const answer = await this.request.fetch(`${portal}/api/v1${path}`, {
      method,
      headers: { origin: portal },
      ...(body !== undefined && { data: body }),
    })
    const text = await answer.text()
    if (!answer.ok()) throw new Error(`${method} ${path} answered ${String(answer.status())}: ${text}`)
    return (text === '' ? undefined : JSON.parse(text)) as Answer
  }
}

export function apiOf({ context }: Visit): Api {
  return new Api(context.request)
}

let people = 0

export function newAddress(name: string): string {
  people += 1
  return `${name}-${String(process.pid)}-${String(people)}-${String(Date.now())}@lumenpay.example`
}

/** Signs somebody up; the window is logged in afterwards. */
export async function signUp(seen: Visit, name: string): Promise<Account> {
  const api = apiOf(seen)
  const account = { email: newAddress('person'), password: PASSWORD }
  await api.ask('POST', '/auth/sign-up', { ...account, name, locale: 'ru' })
  const link = await readLetter(account.email)
  await api.ask('POST', '/auth/verify-email', { token: link.split('#token=')[1], password: PASSWORD })
  return account
}

/** What an authenticator shows (RFC 6238). Each code counts once, so a second one within half a minute is of the next step. */
export function totp(secret: string, steps = 0): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const bits = Array.from(secret.replace(/[\s=]/g, ''))
    .map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0'))
    .join('')
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps))
  const digest = createHmac('sha1', key).update(counter).digest()
  const offset = (digest.at(-1) ?? 0) & 15
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

/** Signs somebody up who runs the platform, with a second factor; the window may open the console. */
export async function becomeStaff(seen: Visit): Promise<void> {
  const { email } = await signUp(seen, 'Ольга из поддержки')
  await operate(inject('stage'), 'staff', 'add', email)
  const api = apiOf(seen)
  const { secret } = await api.ask<{ secret: string }>('POST', '/auth/second-factor')
  await api.ask('POST', '/auth/second-factor/confirm', { code: totp(secret) })
}

export interface SellingTenant {
  id: string
  bot: Bot
  botId: string
  shopId: string
}

/** A tenant of the window's person that sells one plan. */
export async function startSelling(
  seen: Visit,
  { name, plan }: { name: string; plan: string },
): Promise<SellingTenant> {
  const api = apiOf(seen)
  const { id } = await api.ask<{ id: string }>('POST', '/tenants', { name })
  const bot = await newBot('club')
  const { id: botId } = await api.ask<{ id: string }>('POST', `/tenants/${id}/bots`, { token: bot.token })
  await waitFor(
    'the webhook',
    async () =>
      (await api.ask<{ webhook_set_at: string | null }>('GET', `/tenants/${id}/bots/${botId}`))
        .webhook_set_at ?? undefined,
  )
  const shop = await newShop()
  const { notification_url: url } = await api.ask<{ notification_url: string }>(
    'PUT',
    `/tenants/${id}/bots/${botId}/shop`,
    shop,
  )
  await yookassa('PUT', `/shops/${shop.shop_id}/notification-url`, { url })
  await newChannel('Закрытый клуб', bot)
  const channel = await waitFor('the channel', async () =>
    (await api.ask<{ items: { id: string; status: string }[] }>('GET', `/tenants/${id}/channels`)).items.find(
      ({ status }) => status === 'active',
    ),
  )
  await api.ask('POST', `/tenants/${id}/plans`, {
    bot_id: botId, title: plan, price_minor: 99_000, period_unit: 'month', period_count: 1, channel_ids: [channel.id],
  }) // prettier-ignore
  return { id, bot, botId, shopId: shop.shop_id }
}
