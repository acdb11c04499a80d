import { CreditCard, DoorOpen, ExternalLink } from 'lucide-react'
import type { DriveButtonOut } from '@/api'

interface MessageButtonsProps {
  rows: DriveButtonOut[][]
  isDisabled: boolean
  onUse: (button: DriveButtonOut) => void
}

const ICONS = { press: undefined, pay: CreditCard, join: DoorOpen, link: ExternalLink }
const LOOK =
  'flex min-h-9 min-w-0 flex-1 items-center justify-center gap-1.5 rounded-lg bg-tg-button px-2.5 py-1.5 text-center font-medium text-white transition hover:brightness-110 disabled:opacity-60'

export function MessageButtons({ rows, isDisabled, onUse }: MessageButtonsProps) {
  return rows.map((row, index) => (
    <div key={index} className="mt-1 flex gap-1">
      {row.map((button) => {
        const Icon = ICONS[button.kind]
        const icon = Icon && <Icon className="size-3.5 shrink-0 opacity-80" aria-hidden />
        if (button.kind === 'link')
          return /^https?:/i.test(button.data) ? (
            <a
              key={button.text}
              href={button.data}
              target="_blank"
              rel="noopener noreferrer nofollow"
              className={LOOK}
            >
              {button.text}
              {icon}
            </a>
          ) : (
            <span key={button.text} className={LOOK}>
              {button.text}
            </span>
          )
        return (
          <button
            key={`${button.kind} ${button.data}`}
            type="button"
            disabled={isDisabled}
            onClick={() => onUse(button)}
            className={LOOK}
          >
            {button.text}
            {icon}
          </button>
        )
      })}
    </div>
  ))
}
