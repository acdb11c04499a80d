/** A stored message as it is shown to whoever may only look. */
import type { BroadcastButtonOut } from '@/api'

const CHARACTERS: Partial<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

/** The text for somebody: what stands for each variable, in braces in it. */
export function fillIn(text: string, values: Readonly<Record<string, string>>): string {
  return Object.entries(values).reduce((filled, [name, value]) => {
    const escaped = value.replace(/[&<>]/g, (character) => CHARACTERS[character] ?? '')
    return filled.replaceAll(`{${name}}`, () => escaped)
  }, text)
}

/** Captions in their rows. */
export function captionsOf(buttons: readonly Pick<BroadcastButtonOut, 'row' | 'text'>[]): string[][] {
  const rows = new Map<number, string[]>()
  for (const { row, text } of buttons) rows.set(row, [...(rows.get(row) ?? []), text])
  return [...rows.entries()].sort(([one], [other]) => one - other).map(([, captions]) => captions)
}
