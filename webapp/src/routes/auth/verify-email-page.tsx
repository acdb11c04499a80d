import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router-dom'
import { VerifyEmailForm } from '@/features/auth/components/verify-email-form'
import { useLetterToken } from '@/lib/use-letter-token'
import { useTitle } from '@/lib/use-title'

export function Page() {
  const { t } = useTranslation('auth')
  const navigate = useNavigate()
  const token = useLetterToken()
  useTitle(t('verify.title'))
  return (
    <>
      <h1 className="text-2xl">{t('verify.title')}</h1>
      <p className="mt-1 text-muted-foreground">{t('verify.text')}</p>
      <div className="mt-6">
        <VerifyEmailForm token={token} onDone={() => navigate('/', { replace: true })} />
      </div>
    </>
  )
}
