import type { ReactNode } from 'react'
import { TelegramHtml } from './telegram-html'

interface MessageBubbleProps {
  html: string
  /** The time, or nothing. */
  meta?: ReactNode
}

/** A message of the bot, as it stands in a chat. */
export function MessageBubble({ html, meta }: MessageBubbleProps) {
  return (
    <div className="w-fit max-w-full rounded-lg rounded-bl-sm border bg-card px-3 py-2 shadow-card">
      <TelegramHtml html={html} />
      {meta !== undefined && <p className="mt-0.5 text-right text-xs text-muted-foreground">{meta}</p>}
    </div>
  )
}
