export type TelegramTheme = 'light' | 'dark'

/** The theme that the page has when it opens. */
export function ownTheme(): TelegramTheme {
  return document.documentElement.classList.contains('dark') ? 'dark' : 'light'
}
