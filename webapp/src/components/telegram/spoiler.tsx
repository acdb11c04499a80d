import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'

/** Hidden until it is pressed, as in Telegram. */
export function Spoiler({ children }: { children: ReactNode }) {
  const { t } = useTranslation()
  const [isShown, setIsShown] = useState(false)
  if (isShown) return <span>{children}</span>
  return (
    <button
      type="button"
      aria-label={t('spoiler')}
      onClick={() => setIsShown(true)}
      className="rounded-sm bg-current/25 text-transparent select-none"
    >
      <span className="invisible" aria-hidden>
        {children}
      </span>
    </button>
  )
}
