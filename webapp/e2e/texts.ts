/** The app's own catalogue: what a page says in a language. */
export type Language = 'ru' | 'en'
type Texts = Record<string, unknown>
const files = import.meta.glob<Texts>('../src/i18n/locales/*/*.json', { eager: true, import: 'default' })

export type Say = (key: string, values?: Record<string, string>) => string

/** `say('subscribers:extend.title', { plan })`; a key without a namespace is one of the common texts. */
export function inLanguage(language: Language): Say {
  return (key, values = {}) => {
    const [namespace, path] = key.includes(':') ? key.split(':', 2) : ['common', key]
    let found: unknown = files[`../src/i18n/locales/${language}/${String(namespace)}.json`]
    for (const part of String(path).split('.')) found = (found as Texts | undefined)?.[part]
    if (typeof found !== 'string') throw new Error(`no text: ${language} ${key}`)
    return found.replace(/\{\{(\w+)\}\}/g, (_, name: string) => values[name] ?? '')
  }
}
