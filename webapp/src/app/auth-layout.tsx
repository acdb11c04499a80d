import { useTranslation } from 'react-i18next'
import { Outlet } from 'react-router-dom'
import { Logo } from '@/components/layout/logo'
import { LANGUAGES, changeLanguage, currentLanguage } from '@/i18n'

/** A single narrow column: signing up, logging in, the first tenant. */
export function AuthLayout() {
  const { t } = useTranslation()
  const other = LANGUAGES.find((language) => language !== currentLanguage()) ?? 'ru'
  return (
    <div className="flex min-h-dvh flex-col">
      <header className="flex items-center justify-between px-4 py-4 sm:px-8">
        <Logo />
        <button
          type="button"
          lang={other}
          className="rounded-sm px-2 py-1 text-muted-foreground hover:text-foreground"
          onClick={() => void changeLanguage(other)}
        >
          {t(`account.languages.${other}`)}
        </button>
      </header>
      <main id="content" className="mx-auto w-full max-w-sm flex-1 px-4 pt-[6dvh] pb-16 sm:max-w-md">
        <div className="sm:rounded-xl sm:border sm:bg-card sm:p-8 sm:shadow-card">
          <Outlet />
        </div>
      </main>
    </div>
  )
}
