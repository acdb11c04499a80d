import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'react-router-dom'
import { LetterSent } from '@/features/auth/components/letter-sent'
import { SignUpForm } from '@/features/auth/components/sign-up-form'
import { useTitle } from '@/lib/use-title'

export function Page() {
  const { t } = useTranslation('auth')
  const [email, setEmail] = useState<string>()
  const [params] = useSearchParams()
  useTitle(t('signUp.title'))
  if (email !== undefined) return <LetterSent email={email} onAgain={() => setEmail(undefined)} />
  return (
    <>
      <h1 className="text-2xl">{t('signUp.title')}</h1>
      <p className="mt-1 text-muted-foreground">{t('signUp.text')}</p>
      <div className="mt-6">
        <SignUpForm onDone={setEmail} />
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
