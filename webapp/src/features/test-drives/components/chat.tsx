import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { DriveButtonOut, TestDriveStateOut } from '@/api'
import { ChatBubble } from '@/components/telegram-html/chat-bubble'
import { LinkAction } from '@/components/telegram-html/link-action'
import { useFormat } from '@/lib/use-format'
import { orderEntries } from '../timeline'
import { MessageButtons } from './message-buttons'

interface ChatProps {
  state: TestDriveStateOut
  isDisabled: boolean
  takesFocus: boolean
  onUse: (button: DriveButtonOut, messageId: number) => void
}

/** The channel is in the sandbox: its link leads nowhere outside. */
const JOIN_LINK = /^https:\/\/t\.me\/(\+|joinchat\/)/

export function Chat({ state, isDisabled, takesFocus, onUse }: ChatProps) {
  const { t } = useTranslation('test-drives')
  const { locale, timeZone } = useFormat()
  const box = useRef<HTMLDivElement>(null)
  const entries = orderEntries(state)
  const last = entries.at(-1)?.key
  useEffect(() => {
    if (box.current) box.current.scrollTop = box.current.scrollHeight
  }, [last])
  useEffect(() => {
    if (takesFocus) box.current?.focus({ preventScroll: true })
  }, [takesFocus])
  const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', timeZone })
  return (
    <div
      ref={box}
      role="log"
      aria-live="polite"
      aria-label={t('phone.chat')}
      // A chat that is longer than its place is scrolled by keyboard too.
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- axe: scrollable-region-focusable
      tabIndex={0}
      className="flex min-h-0 flex-1 flex-col gap-1.5 overflow-y-auto overscroll-contain p-3 -outline-offset-2"
    >
      {entries.length === 0 && (
        <p className="m-auto max-w-64 rounded-lg bg-tg-button px-3 py-2 text-center text-white">
          {t('phone.empty')}
        </p>
      )}
      {entries.map((entry) =>
        entry.kind === 'message' ? (
          <LinkAction.Provider
            key={entry.key}
            value={(href) => {
              if (isDisabled || !JOIN_LINK.test(href)) return undefined
              return () => onUse({ kind: 'join', text: '', data: href }, entry.message.id)
            }}
          >
            <ChatBubble
              html={entry.message.html}
              author={entry.message.author}
              authorName={entry.message.author === 'bot' ? state.drive.bot_name : t('phone.you')}
              meta={
                <>
                  {entry.message.edited_at !== null && `${t('phone.edited')} `}
                  {clock.format(new Date(entry.message.sent_at))}
                </>
              }
              buttons={
                <MessageButtons
                  rows={entry.message.buttons}
                  isDisabled={isDisabled}
                  onUse={(button) => onUse(button, entry.message.id)}
                />
              }
            />
          </LinkAction.Provider>
        ) : (
          <p
            key={entry.key}
            className="mx-auto my-1 max-w-[85%] rounded-full bg-tg-button px-3 py-0.5 text-center text-xs text-white"
          >
            {t(`notices.${entry.notice.kind as 'joined'}`, {
              channel: entry.notice.channel ?? t('notices.someChannel'),
              defaultValue: entry.notice.kind,
            })}
          </p>
        ),
      )}
    </div>
  )
}
