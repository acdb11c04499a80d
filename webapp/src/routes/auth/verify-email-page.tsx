import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { authResendSignUp } from '@/api'
import { Skeleton } from '@/components/ui/skeleton'
import { ForgotForm } from '@/features/auth/components/forgot-form'
import { LetterSent } from '@/features/auth/components/letter-sent'
import { LinkSpoiled } from '@/features/auth/components/link-spoiled'
import { VerifyForm } from '@/features/auth/components/verify-form'
import { useEntry } from '@/features/auth/use-entry'
import { useLetterLink } from '@/features/auth/use-letter-link'
import { useFragmentToken } from '@/lib/fragment-token'
import { useTitle } from '@/lib/use-title'

export function Page() {
  const { t } = useTranslation('auth')
  const token = useFragmentToken()
  const enter = useEntry(null)
  const { isSpoiled, isLooking, refuse } = useLetterLink('sign_up', token)
  useTitle(t('verify.title'))
  if (isSpoiled) return <Again />
  if (isLooking) return <Skeleton className="h-64" />
  return (
    <>
      <h1 className="text-2xl">{t('verify.title')}</h1>
      <p className="mt-1 text-muted-foreground">{t('verify.text')}</p>
      <div className="mt-6">
        <VerifyForm token={token} onDone={enter} onSpoiled={refuse} />
      </div>
    </>
  )
}

/** Another letter for a sign-up whose link is spoiled. Whoever has used it has an account, and can log in. */
function Again() {
  const { t } = useTranslation('auth')
  const [isAsking, setIsAsking] = useState(false)
  const [sentTo, setSentTo] = useState<string>()
  const send = (email: string) => authResendSignUp({ body: { email } })
  if (sentTo !== undefined) return <LetterSent email={sentTo} text={t('signUp.letter')} send={send} />
  if (!isAsking)
    return (
      <LinkSpoiled
        to={() => setIsAsking(true)}
        label={t('link.again')}
        text={t('verify.spoiled')}
        other={{ to: '/log-in', label: t('logIn.submit') }}
      />
    )
  return (
    <>
      <h1 className="text-2xl">{t('verify.againTitle')}</h1>
      <p className="mt-1 text-muted-foreground">{t('verify.againText')}</p>
      <div className="mt-6">
        <ForgotForm send={({ email }) => send(email)} onDone={setSentTo} />
      </div>
    </>
  )
}
