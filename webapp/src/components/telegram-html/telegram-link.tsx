import { type ReactNode, useContext } from 'react'
import { LinkAction } from './link-action'

const LOOK = 'text-info underline underline-offset-2'

export function TelegramLink({ href, children }: { href: string; children: ReactNode }) {
  const act = useContext(LinkAction)(href)
  if (act)
    return (
      <button type="button" onClick={act} className={LOOK}>
        {children}
      </button>
    )
  return (
    <a href={href} target="_blank" rel="noreferrer" className={LOOK}>
      {children}
    </a>
  )
}
