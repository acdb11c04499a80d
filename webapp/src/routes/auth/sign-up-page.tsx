import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useSearchParams } from 'react-router-dom'
import { SignUpForm } from '@/features/auth/components/sign-up-form'
import { safeReturnPath } from '@/lib/session'
import { useTitle } from '@/lib/use-title'

export function Page() {
  const { t } = useTranslation('auth')
  const navigate = useNavigate()
  const [params] = useSearchParams()
  useTitle(t('signUp.title'))
  return (
    <>
      <h1 className="text-2xl">{t('signUp.title')}</h1>
      <p className="mt-1 text-muted-foreground">{t('signUp.text')}</p>
      <div className="mt-6">
        <SignUpForm onDone={() => navigate(safeReturnPath(params.get('return')), { replace: true })} />
      </div>
      <p className="mt-6 text-center text-muted-foreground">
        {t('signUp.haveAccount')}{' '}
        <Link
          className="font-medium text-info hover:underline"
          to={{ pathname: '/log-in', search: params.toString() }}
        >
          {t('signUp.logIn')}
        </Link>
      </p>
    </>
  )
}
