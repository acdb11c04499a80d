import type { ReactNode } from 'react'
import { cn } from '@/lib/cn'
import { TelegramHtml } from './telegram-html'

interface ChatBubbleProps {
  html: string
  author: 'bot' | 'person'
  /** Who speaks, for whoever does not see on which side it stands. */
  authorName: string
  /** Above the text, inside the message: a picture. */
  above?: ReactNode
  /** Beside the text: when it was sent. */
  meta?: ReactNode
  /** Under the message, as wide as it. */
  buttons?: ReactNode
}

/** One message of a chat, on the side of who wrote it, in the colours of Telegram. */
export function ChatBubble({ html, author, authorName, above, meta, buttons }: ChatBubbleProps) {
  return (
    <div className={cn('flex w-full', author === 'person' && 'justify-end')}>
      <div className="max-w-[85%] min-w-32">
        <div
          className={cn(
            'rounded-2xl px-3 py-1.5 text-tg-foreground shadow-card',
            author === 'bot' ? 'rounded-bl-md bg-tg-in' : 'rounded-br-md bg-tg-out',
          )}
        >
          <span className="sr-only">{authorName}: </span>
          {above}
          <TelegramHtml html={html} />
          {meta !== undefined && (
            <span className="float-right mt-1 ml-2 inline-block text-[0.6875rem] text-tg-muted">{meta}</span>
          )}
          <span className="clear-both block" />
        </div>
        {buttons}
      </div>
    </div>
  )
}
