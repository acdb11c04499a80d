import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import { authForgetPassword } from '@/api'
import { ForgotForm } from '@/features/auth/components/forgot-form'
import { LetterSent } from '@/features/auth/components/letter-sent'
import { useTitle } from '@/lib/use-title'

export function Page() {
  const { t } = useTranslation('auth')
  const [sentTo, setSentTo] = useState<string>()
  useTitle(t('forgot.title'))
  if (sentTo !== undefined)
    return (
      <LetterSent
        email={sentTo}
        text={t('forgot.letter')}
        send={(email) => authForgetPassword({ body: { email } })}
      />
    )
  return (
    <>
      <h1 className="text-2xl">{t('forgot.title')}</h1>
      <p className="mt-1 text-muted-foreground">{t('forgot.text')}</p>
      <div className="mt-6">
        <ForgotForm onDone={setSentTo} />
      </div>
      <p className="mt-6 text-center">
        <Link className="font-medium text-info hover:underline" to="/log-in">
          {t('letter.logIn')}
        </Link>
      </p>
    </>
  )
}
