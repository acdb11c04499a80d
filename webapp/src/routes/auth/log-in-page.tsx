import { useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'react-router-dom'
import { LogInForm } from '@/features/auth/components/log-in-form'
import { ProviderButtons } from '@/features/auth/components/provider-buttons'
import { useEntry } from '@/features/auth/use-entry'
import { useTitle } from '@/lib/use-title'

export function Page() {
  const { t } = useTranslation('auth')
  const [params] = useSearchParams()
  const returnPath = params.get('return')
  const enter = useEntry(returnPath)
  useTitle(t('logIn.title'))
  return (
    <>
      <h1 className="text-2xl">{t('logIn.title')}</h1>
      {returnPath !== null && <p className="mt-1 text-muted-foreground">{t('logIn.ended')}</p>}
      <div className="mt-6">
        <LogInForm onDone={enter} />
      </div>
      <ProviderButtons returnPath={returnPath} />
      <p className="mt-6 text-center text-muted-foreground">
        {t('logIn.noAccount')}{' '}
        <Link
          className="font-medium text-info hover:underline"
          to={{ pathname: '/sign-up', search: params.toString() }}
        >
          {t('logIn.signUp')}
        </Link>
      </p>
    </>
  )
}
