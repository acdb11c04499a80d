/** Telegram and YooKassa as the people of the tests use them. */
import { inject } from 'vitest'

async function call<Answer>(
  server: 'telegram' | 'yookassa' | 'mail',
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

/** The first link of the newest letter to an address, once it is there. */
export async function readLetter(to: string): Promise<string> {
  for (let tries = 0; tries < 120; tries += 1) {
    const { letters } = await call<{ letters: { links: string[] }[] }>(
      'mail',
      'GET',
      `/letters?to=${encodeURIComponent(to)}`,
    )
    const link = letters.flatMap(({ links }) => links)[0]
    if (link !== undefined) return link
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
  throw new Error(`no letter to ${to}`)
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
