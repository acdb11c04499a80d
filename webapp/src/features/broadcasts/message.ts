/** A stored message as it is shown to whoever may only look. */
import type { BroadcastButtonOut } from '@/api'

const CHARACTERS: Partial<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

/** The text for somebody with a name. */
export function nameIn(text: string, name: string): string {
  const escaped = name.replace(/[&<>]/g, (character) => CHARACTERS[character] ?? '')
  return text.replaceAll('{name}', () => escaped)
}

/** Captions in their rows. */
export function captionsOf(buttons: readonly Pick<BroadcastButtonOut, 'row' | 'text'>[]): string[][] {
  const rows = new Map<number, string[]>()
  for (const { row, text } of buttons) rows.set(row, [...(rows.get(row) ?? []), text])
  return [...rows.entries()].sort(([one], [other]) => one - other).map(([, captions]) => captions)
}
