/** Marks of Telegram HTML, and what putting one around a piece of a text makes of it. */
import {
  Bold,
  Code,
  EyeOff,
  Italic,
  Link2,
  type LucideIcon,
  Strikethrough,
  TextQuote,
  Underline,
} from 'lucide-react'

export interface Mark {
  name: 'bold' | 'italic' | 'underline' | 'strike' | 'spoiler' | 'code' | 'link' | 'quote'
  icon: LucideIcon
  before: string
  after: string
  /** As in Telegram's own apps, by the key's place (`KeyboardEvent.code`); with Ctrl, on a Mac with ⌘. */
  key: string
  hasShift: boolean
}

export const MARKS: readonly Mark[] = [
  { name: 'bold', icon: Bold, before: '<b>', after: '</b>', key: 'KeyB', hasShift: false },
  { name: 'italic', icon: Italic, before: '<i>', after: '</i>', key: 'KeyI', hasShift: false },
  { name: 'underline', icon: Underline, before: '<u>', after: '</u>', key: 'KeyU', hasShift: false },
  { name: 'strike', icon: Strikethrough, before: '<s>', after: '</s>', key: 'KeyX', hasShift: true },
  {
    name: 'spoiler',
    icon: EyeOff,
    before: '<tg-spoiler>',
    after: '</tg-spoiler>',
    key: 'KeyP',
    hasShift: true,
  },
  { name: 'code', icon: Code, before: '<code>', after: '</code>', key: 'KeyM', hasShift: true },
  { name: 'link', icon: Link2, before: '<a href="https://">', after: '</a>', key: 'KeyK', hasShift: false },
  {
    name: 'quote',
    icon: TextQuote,
    before: '<blockquote>',
    after: '</blockquote>',
    key: 'Period',
    hasShift: true,
  },
]

export interface Marked {
  text: string
  /** What is chosen afterwards. */
  start: number
  end: number
}

/**
 * Puts marks around what is chosen, or takes them away where they stand around it already. An empty choice leaves the
 * cursor between the marks, a link the place of its address.
 */
export function putAround(text: string, start: number, end: number, before: string, after = ''): Marked {
  const inside = text.slice(start, end)
  const isMarked = after !== '' && text.slice(0, start).endsWith(before) && text.slice(end).startsWith(after)
  if (isMarked)
    return {
      text: text.slice(0, start - before.length) + inside + text.slice(end + after.length),
      start: start - before.length,
      end: end - before.length,
    }
  const changed = text.slice(0, start) + before + inside + after + text.slice(end)
  const address = before.indexOf('https://')
  if (address >= 0 && after !== '') {
    const at = start + address
    return { text: changed, start: at, end: at + 'https://'.length }
  }
  const from = start + before.length
  return { text: changed, start: from, end: from + inside.length }
}

/** The mark that a pressed combination of keys asks for. */
export function findMark(
  event: Pick<KeyboardEvent, 'code' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>,
): Mark | undefined {
  if (event.altKey || event.ctrlKey === event.metaKey) return undefined
  return MARKS.find(({ key, hasShift }) => key === event.code && hasShift === event.shiftKey)
}

/** The combination as it is shown: `Ctrl+Shift+X`, on a Mac `⇧⌘X`. */
export function keysOf({ key, hasShift }: Mark, isMac: boolean): string {
  const letter = key === 'Period' ? '.' : key.slice('Key'.length)
  if (isMac) return `${hasShift ? '⇧' : ''}⌘${letter}`
  return `Ctrl+${hasShift ? 'Shift+' : ''}${letter}`
}
