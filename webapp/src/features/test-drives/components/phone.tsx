import { useTranslation } from 'react-i18next'
import type { DriveButtonOut, TestDriveStateOut } from '@/api'
import { Chat } from './chat'
import { Composer } from './composer'

interface PhoneProps {
  state: TestDriveStateOut
  isBusy: boolean
  takesFocus: boolean
  onWrite: (text: string) => Promise<unknown>
  onUse: (button: DriveButtonOut, messageId: number) => void
}

/** A phone with the chat: the bot's name above, what is said, and where one writes. */
export function Phone({ state, isBusy, takesFocus, onWrite, onUse }: PhoneProps) {
  const { t } = useTranslation('test-drives')
  const { drive, messages } = state
  const isOver = drive.status === 'ended' || state.is_lost
  return (
    <section
      aria-label={t('phone.label', { bot: drive.bot_name })}
      className="mx-auto flex h-[min(46rem,calc(100dvh-9rem))] min-h-112 w-full max-w-104 flex-col overflow-hidden rounded-[2rem] border-6 border-foreground/85 bg-tg-wallpaper shadow-float dark:border-border"
    >
      <header className="flex items-center gap-3 bg-tg-in px-4 py-2.5 text-tg-foreground shadow-card">
        <span
          className="flex size-9 shrink-0 items-center justify-center rounded-full bg-primary font-semibold text-primary-foreground uppercase"
          aria-hidden
        >
          {Array.from(drive.bot_name)[0]}
        </span>
        <div className="min-w-0">
          <h2 className="truncate text-sm leading-tight font-semibold">{drive.bot_name}</h2>
          <p className="truncate text-xs text-tg-muted">{t('phone.bot', { username: drive.bot_username })}</p>
        </div>
      </header>
      <Chat state={state} isDisabled={isOver || isBusy} takesFocus={takesFocus} onUse={onUse} />
      <Composer isOver={isOver} isBusy={isBusy} isEmpty={messages.length === 0} onWrite={onWrite} />
    </section>
  )
}
