/**
 * Telegram HTML as a tree, read by an allow-list. What is not on it, an unknown tag or a stray `<`, stays visible text, so
 * nothing of it ever reaches the page as markup.
 */

export type Tag = 'b' | 'i' | 'u' | 's' | 'spoiler' | 'link' | 'code' | 'pre' | 'quote' | 'emoji'

export interface Branch {
  tag: Tag
  /** A link's address, when it is one that may be opened. */
  href?: string
  children: Node[]
}

export type Node = string | Branch

const TAGS: Partial<Record<string, Tag>> = {
  b: 'b',
  strong: 'b',
  i: 'i',
  em: 'i',
  u: 'u',
  ins: 'u',
  s: 's',
  strike: 's',
  del: 's',
  'tg-spoiler': 'spoiler',
  span: 'spoiler',
  a: 'link',
  code: 'code',
  pre: 'pre',
  blockquote: 'quote',
  'tg-emoji': 'emoji',
}
const PART =
  /<\/(?<closed>[A-Za-z][A-Za-z0-9-]*)\s*>|<(?<opened>[A-Za-z][A-Za-z0-9-]*)(?<attributes>(?:\s+[A-Za-z][A-Za-z0-9-]*(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?)*)\s*>|&(?<character>lt|gt|amp|quot|#\d{1,7}|#x[0-9A-Fa-f]{1,6});?/g
const CHARACTERS: Partial<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' }
const LAST_CHARACTER = 0x10ffff
const SAFE_ADDRESS = /^(?:https?:\/\/|tg:\/\/|mailto:)/i

interface Open {
  name: string
  branch: Branch
}

export function parseTelegramHtml(html: string): Node[] {
  const root: Node[] = []
  const open: Open[] = []
  const add = (node: Node) => {
    const into = open[open.length - 1]?.branch.children ?? root
    const last = into[into.length - 1]
    if (typeof node === 'string' && typeof last === 'string') into[into.length - 1] = last + node
    else if (node !== '') into.push(node)
  }
  let position = 0
  for (const match of html.matchAll(PART)) {
    add(html.slice(position, match.index))
    position = match.index + match[0].length
    const { closed, opened, attributes = '', character } = match.groups ?? {}
    if (character !== undefined) add(readCharacter(character) ?? match[0])
    else if (closed !== undefined) {
      if (open[open.length - 1]?.name === closed.toLowerCase()) open.pop()
      else add(match[0])
    } else if (opened !== undefined) {
      const branch = readTag(opened.toLowerCase(), attributes)
      add(branch ?? match[0])
      if (branch) open.push({ name: opened.toLowerCase(), branch })
    }
  }
  add(html.slice(position))
  return root
}

/** What a reader sees, without formatting. */
export function visibleText(nodes: readonly Node[]): string {
  return nodes.map((node) => (typeof node === 'string' ? node : visibleText(node.children))).join('')
}

/** The length as Telegram counts it: without tags, in UTF-16 units. */
export function visibleLength(html: string): number {
  return visibleText(parseTelegramHtml(html)).length
}

function readTag(name: string, attributes: string): Branch | undefined {
  const tag = TAGS[name]
  if (!tag || (name === 'span' && readAttribute(attributes, 'class') !== 'tg-spoiler')) return undefined
  const href = tag === 'link' ? readAttribute(attributes, 'href') : undefined
  return { tag, children: [], ...(href !== undefined && SAFE_ADDRESS.test(href) && { href }) }
}

function readAttribute(attributes: string, name: string): string | undefined {
  const match = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, 'i').exec(attributes)
  const value = match?.[1] ?? match?.[2] ?? match?.[3]
  return value?.replace(/&(lt|gt|amp|quot);/g, (_all, character: string) => CHARACTERS[character] ?? '')
}

function readCharacter(character: string): string | undefined {
  if (!character.startsWith('#')) return CHARACTERS[character]
  const code = character.startsWith('#x') ? parseInt(character.slice(2), 16) : Number(character.slice(1))
  return code > 0 && code <= LAST_CHARACTER ? String.fromCodePoint(code) : undefined
}
