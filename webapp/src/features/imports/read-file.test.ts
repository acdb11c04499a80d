import { expect, test } from 'vitest'
import { peopleOf, readImportFile } from './read-file'

const decoded = async (file: File) => new TextDecoder().decode(bytesOf(await readImportFile(file)))
const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0))

test('of a Telegram export only the people leave the browser', async () => {
  const messages = [
    { type: 'message', from: 'Анна', from_id: 'user42', text: 'a secret' },
    { type: 'service', action: 'join_group_by_link', actor: 'Boris', actor_id: 'user43' },
    { from: 'Club', from_id: 'channel1' },
    { from: null, from_id: 'user42' },
    'x',
  ]
  const text = await decoded(new File([JSON.stringify({ name: 'Club', messages })], 'result.json'))
  expect(JSON.parse(text)).toEqual({
    messages: [
      { from_id: 'user42', from: 'Анна' },
      { from_id: 'user43', from: 'Boris' },
    ],
  })
})

test('what is no export of one chat is left to the server to refuse', () => {
  expect(peopleOf('{"chats": {"list": [1]}}')).toBe('{"chats":{}}')
  expect(peopleOf('{broken')).toBeNull()
  expect(peopleOf('[1]')).toBeNull()
})

test('a CSV is sent byte by byte, whatever its encoding', async () => {
  const bytes = new Uint8Array(100_000).map((_, index) => index % 256)
  const sent = bytesOf(await readImportFile(new File([bytes], 'people.csv')))
  expect(sent).toEqual(bytes)
})
