import { Fragment, type ReactNode } from 'react'
import { Spoiler } from './spoiler'
import { TelegramLink } from './telegram-link'

/** Telegram's HTML as React elements. Only its own tags become elements; of any other only the text is left. */
export function TelegramHtml({ html }: { html: string }) {
  // The parsed document is never shown: it runs no script and loads nothing.
  const { body } = new DOMParser().parseFromString(html, 'text/html')
  return <span className="wrap-anywhere whitespace-pre-wrap">{renderChildren(body)}</span>
}

type Render = (children: ReactNode, element: Element) => ReactNode

const bold: Render = (children) => <strong>{children}</strong>
const italic: Render = (children) => <em>{children}</em>
const underlined: Render = (children) => <u>{children}</u>
const struck: Render = (children) => <s>{children}</s>
const spoiler: Render = (children) => <Spoiler>{children}</Spoiler>

const TAGS: Partial<Record<string, Render>> = {
  b: bold,
  strong: bold,
  i: italic,
  em: italic,
  u: underlined,
  ins: underlined,
  s: struck,
  strike: struck,
  del: struck,
  'tg-spoiler': spoiler,
  'tg-emoji': (children) => children,
  span: (children, element) =>
    element.classList.contains('tg-spoiler') ? <Spoiler>{children}</Spoiler> : children,
  a: (children, element) => renderLink(children, element.getAttribute('href') ?? ''),
  code: (children) => (
    <code className="rounded-sm bg-current/10 px-1 font-mono text-[0.92em]">{children}</code>
  ),
  pre: (children) => (
    <span className="my-1 block overflow-x-auto rounded-md bg-current/10 p-2 font-mono text-[0.92em] whitespace-pre">
      {children}
    </span>
  ),
  blockquote: (children) => (
    <span className="my-1 block rounded-sm border-l-3 border-tg-accent bg-tg-accent/10 px-2 py-1">
      {children}
    </span>
  ),
  br: () => '\n',
  script: () => null,
  style: () => null,
}

function renderChildren(parent: Node): ReactNode {
  return Array.from(parent.childNodes, (node, index) => <Fragment key={index}>{renderNode(node)}</Fragment>)
}

function renderNode(node: Node): ReactNode {
  if (node.nodeType === Node.TEXT_NODE) return node.nodeValue
  if (!(node instanceof Element)) return null
  const children = renderChildren(node)
  return TAGS[node.localName]?.(children, node) ?? (node.localName in TAGS ? null : children)
}

function renderLink(children: ReactNode, href: string): ReactNode {
  return /^(https?|tg|mailto):/i.test(href) ? <TelegramLink href={href}>{children}</TelegramLink> : children
}
