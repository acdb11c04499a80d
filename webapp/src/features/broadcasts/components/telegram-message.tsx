import { FileText, Image, type LucideIcon, Video } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { MediumKind } from '@/api'
import { ChatBubble } from '@/components/telegram-html/chat-bubble'
import { cn } from '@/lib/cn'

const ICONS: Record<MediumKind, LucideIcon> = { photo: Image, video: Video, document: FileText }

interface TelegramMessageProps {
  html: string
  mediumKind: MediumKind | null
  /** Captions of the buttons, row by row. */
  buttons: readonly (readonly string[])[]
  theme: 'light' | 'dark'
}

/** The message in a chat of Telegram's, in one of its two themes whichever the page has. */
export function TelegramMessage({ html, mediumKind, buttons, theme }: TelegramMessageProps) {
  const { t } = useTranslation('broadcasts')
  return (
    <div className={cn(theme, 'rounded-lg bg-tg-wallpaper p-3 sm:p-4')}>
      <ChatBubble
        author="bot"
        authorName={t('preview.bot')}
        html={html}
        above={mediumKind !== null && <Medium kind={mediumKind} />}
        buttons={buttons.map((row, number) => (
          <div key={number} className="mt-1 flex gap-1">
            {row.map((caption, place) => (
              <span
                key={place}
                className="flex min-h-9 min-w-0 flex-1 items-center justify-center rounded-lg bg-tg-button px-2.5 py-1.5 text-center font-medium break-words text-white"
              >
                {caption}
              </span>
            ))}
          </div>
        ))}
      />
    </div>
  )
}

function Medium({ kind }: { kind: MediumKind }) {
  const { t } = useTranslation('broadcasts')
  const Icon = ICONS[kind]
  return (
    <span
      className={cn(
        'mt-1 mb-2 flex items-center justify-center gap-2 rounded-lg bg-tg-wallpaper text-tg-foreground',
        kind === 'document' ? 'h-14' : 'h-36',
      )}
    >
      <Icon className="size-5" aria-hidden />
      {t(`media.${kind}`)}
    </span>
  )
}
