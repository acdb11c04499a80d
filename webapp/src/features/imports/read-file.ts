/** The largest file that the server takes, in bytes. */
export const MAX_BYTES = 700_000
const CHUNK = 0x8000

/**
 * A file as base64. Of a Telegram export only its people are sent: the messages stay in the browser, and an export of years
 * fits. Whatever else is no list the server says.
 */
export async function readImportFile(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  const people = file.name.toLowerCase().endsWith('.json') ? peopleOf(new TextDecoder().decode(bytes)) : null
  return toBase64(people === null ? bytes.subarray(0, MAX_BYTES + 1) : new TextEncoder().encode(people))
}

/** What the server needs of Telegram Desktop's `result.json`; null where it is something else. */
export function peopleOf(json: string): string | null {
  const found = parse(json)
  if (typeof found !== 'object' || found === null) return null
  if ('chats' in found) return JSON.stringify({ chats: {} })
  if (!('messages' in found) || !Array.isArray(found.messages)) return null
  const people = new Map<string, string>()
  for (const message of found.messages as unknown[]) {
    if (typeof message !== 'object' || message === null) continue
    const { from_id, from, actor_id, actor } = message as Record<string, unknown>
    note(people, from_id, from)
    note(people, actor_id, actor)
  }
  return JSON.stringify({ messages: [...people].map(([from_id, from]) => ({ from_id, from })) })
}

function note(people: Map<string, string>, key: unknown, name: unknown): void {
  if (typeof key !== 'string' || !key.startsWith('user')) return
  people.set(key, typeof name === 'string' && name !== '' ? name : (people.get(key) ?? ''))
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return null
  }
}

function toBase64(bytes: Uint8Array): string {
  let text = ''
  // A call takes so many arguments only.
  for (let begin = 0; begin < bytes.length; begin += CHUNK)
    text += String.fromCharCode(...bytes.subarray(begin, begin + CHUNK))
  return btoa(text)
}
