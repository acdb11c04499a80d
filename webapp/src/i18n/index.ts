/** Texts: Russian first, English complete. Each namespace of each language is a file of its own, loaded when it is needed. */
import i18n, { type BackendModule } from 'i18next'
import { initReactI18next } from 'react-i18next'

export const LANGUAGES = ['ru', 'en'] as const
export type Language = (typeof LANGUAGES)[number]
const STORED_AS = 'lumenpay.language'
const files = import.meta.glob<object>('./locales/*/*.json', { import: 'default' })

const backend: BackendModule = {
  type: 'backend',
  init: () => undefined,
  read: (language, namespace, done) => {
    const load = files[`./locales/${language}/${namespace}.json`]
    if (!load) {
      done(new Error(`no texts: ${language}/${namespace}`), false)
      return
    }
    load().then(
      (texts) => done(null, texts as Record<string, string>),
      (error: unknown) => done(error as Error, false),
    )
  },
}

/** What was chosen here before, else the first of the browser's languages that we have. */
function chooseLanguage(): Language {
  const wanted = [readStored(), ...navigator.languages].map((tag) => tag?.slice(0, 2))
  return (
    LANGUAGES.find((language) => language === wanted.find((tag) => LANGUAGES.includes(tag as Language))) ??
    'ru'
  )
}

function readStored(): string | null {
  try {
    return localStorage.getItem(STORED_AS)
  } catch {
    return null
  }
}

function followLanguage(language: string): void {
  document.documentElement.lang = language
}

/** Ready once the texts that every page needs are there. */
export async function startI18n(): Promise<void> {
  i18n.on('languageChanged', followLanguage)
  await i18n
    .use(backend)
    .use(initReactI18next)
    .init({
      lng: chooseLanguage(),
      supportedLngs: LANGUAGES,
      fallbackLng: 'ru',
      load: 'languageOnly',
      ns: ['common', 'errors'],
      defaultNS: 'common',
      fallbackNS: 'common',
      interpolation: { escapeValue: false },
      react: { useSuspense: true },
      partialBundledLanguages: true,
    })
  followLanguage(currentLanguage())
}

export function currentLanguage(): Language {
  return i18n.resolvedLanguage === 'en' ? 'en' : 'ru'
}

/** The language that an account names; Russian for one that we have not. */
export function toLanguage(locale: string): Language {
  return LANGUAGES.find((language) => language === locale) ?? 'ru'
}

export async function changeLanguage(language: Language): Promise<void> {
  try {
    localStorage.setItem(STORED_AS, language)
  } catch {
    // Storage is forbidden: the choice holds for this page.
  }
  await i18n.changeLanguage(language)
}

export { i18n }
