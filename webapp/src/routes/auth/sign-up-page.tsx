import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'react-router-dom'
import { authResendSignUp } from '@/api'
import { LetterSent } from '@/features/auth/components/letter-sent'
import { ProviderButtons } from '@/features/auth/components/provider-buttons'
import { SignUpForm } from '@/features/auth/components/sign-up-form'
import { useTitle } from '@/lib/use-title'

export function Page() {
  const { t } = useTranslation('auth')
  const [params] = useSearchParams()
  const [sentTo, setSentTo] = useState<string>()
  useTitle(t('signUp.title'))
  if (sentTo !== undefined)
    return (
      <LetterSent
        email={sentTo}
        text={t('signUp.letter')}
        send={(email) => authResendSignUp({ body: { email } })}
      />
    )
  return (
    <>
      <h1 className="text-2xl">{t('signUp.title')}</h1>
      <p className="mt-1 text-muted-foreground">{t('signUp.text')}</p>
      <div className="mt-6">
        <SignUpForm onDone={setSentTo} />
      </div>
      <ProviderButtons returnPath={params.get('return')} />
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
