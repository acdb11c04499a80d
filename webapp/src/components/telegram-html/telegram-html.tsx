import { Fragment, type ReactNode, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { cn } from '@/lib/cn'
import { type Branch, type Node, parseTelegramHtml } from './parse'
import { TelegramLink } from './telegram-link'

/** A text of a bot as Telegram shows it. Made of elements, never of markup: whatever it says is harmless. */
export function TelegramHtml({ html, className }: { html: string; className?: string }) {
  const nodes = useMemo(() => parseTelegramHtml(html), [html])
  return <div className={cn('break-words whitespace-pre-wrap', className)}>{draw(nodes)}</div>
}

function draw(nodes: readonly Node[]): ReactNode {
  return nodes.map((node, index) => (
    <Fragment key={index}>{typeof node === 'string' ? node : <Piece branch={node} />}</Fragment>
  ))
}

function Piece({ branch: { tag, href, children } }: { branch: Branch }): ReactNode {
  const content = draw(children)
  switch (tag) {
    case 'b':
      return <strong className="font-semibold">{content}</strong>
    case 'i':
      return <em>{content}</em>
    case 'u':
      return <u>{content}</u>
    case 's':
      return <s>{content}</s>
    case 'spoiler':
      return <Spoiler>{content}</Spoiler>
    case 'link':
      return href === undefined ? content : <TelegramLink href={href}>{content}</TelegramLink>
    case 'code':
      return <code className="rounded-sm bg-muted px-1 font-mono text-[0.92em]">{content}</code>
    case 'pre':
      return (
        <pre className="my-1 overflow-x-auto rounded-sm bg-muted p-2 font-mono text-[0.92em]">{content}</pre>
      )
    case 'quote':
      return (
        <blockquote className="my-1 rounded-sm border-l-3 border-primary bg-info-soft py-0.5 pr-2 pl-2.5">
          {content}
        </blockquote>
      )
    case 'emoji':
      return content
  }
}

function Spoiler({ children }: { children: ReactNode }) {
  const { t } = useTranslation()
  const [isShown, setIsShown] = useState(false)
  if (isShown) return <span>{children}</span>
  return (
    <button
      type="button"
      aria-label={t('telegram.spoiler')}
      onClick={() => setIsShown(true)}
      className="rounded-sm bg-muted-foreground text-transparent select-none"
    >
      {children}
    </button>
  )
}
