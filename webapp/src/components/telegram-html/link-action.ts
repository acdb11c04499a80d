import { createContext } from 'react'

/** What pressing a link in a message does here instead of leaving the page; nothing for a link that leaves it. */
export const LinkAction = createContext<(href: string) => (() => void) | undefined>(() => undefined)
