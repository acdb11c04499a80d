import { SendHorizontal } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'

interface ComposerProps {
  isOver: boolean
  isBusy: boolean
  /** Nothing was said yet: there is the button with which every bot begins. */
  isEmpty: boolean
  onWrite: (text: string) => Promise<unknown>
}

export function Composer({ isOver, isBusy, isEmpty, onWrite }: ComposerProps) {
  const { t } = useTranslation('test-drives')
  const [text, setText] = useState('')
  if (isOver) return <p className="bg-tg-in px-4 py-3.5 text-center text-tg-muted">{t('phone.over')}</p>
  if (isEmpty)
    return (
      <button
        type="button"
        disabled={isBusy}
        onClick={() => void onWrite('/start').catch(() => undefined)}
        className="bg-tg-in px-4 py-3.5 text-center font-semibold text-tg-link uppercase disabled:opacity-60"
      >
        {t('phone.start')}
      </button>
    )
  const send = (event: FormEvent) => {
    event.preventDefault()
    const written = text.trim()
    if (!written || isBusy) return
    setText('')
    // What could not be sent is given back.
    onWrite(written).catch(() => setText(written))
  }
  return (
    <form onSubmit={send} className="flex items-center gap-2 bg-tg-in p-2">
      <input
        aria-label={t('phone.message')}
        placeholder={t('phone.message')}
        value={text}
        maxLength={1000}
        autoComplete="off"
        onChange={(event) => setText(event.target.value)}
        className="h-10 min-w-0 flex-1 rounded-full bg-transparent px-3 text-base text-tg-foreground placeholder:text-tg-muted sm:text-sm"
      />
      <button
        type="submit"
        aria-label={t('phone.send')}
        className="flex size-10 shrink-0 items-center justify-center rounded-full text-tg-link hover:bg-hover"
      >
        <SendHorizontal className="size-5" aria-hidden />
      </button>
    </form>
  )
}
