import { type ReactNode, useContext } from 'react'
import { LinkAction } from './link-action'

const LOOK = 'text-tg-link underline'

export function TelegramLink({ href, children }: { href: string; children: ReactNode }) {
  const act = useContext(LinkAction)(href)
  if (act)
    return (
      <button type="button" onClick={act} className={LOOK}>
        {children}
      </button>
    )
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow" className={LOOK}>
      {children}
    </a>
  )
}
