import { useTranslation } from 'react-i18next'
import { LinkSpoiled } from '@/features/auth/components/link-spoiled'
import { VerifyForm } from '@/features/auth/components/verify-form'
import { useEntry } from '@/features/auth/use-entry'
import { useFragmentToken } from '@/lib/fragment-token'
import { useTitle } from '@/lib/use-title'

export function Page() {
  const { t } = useTranslation('auth')
  const token = useFragmentToken()
  const enter = useEntry(null)
  useTitle(t('verify.title'))
  if (!token) return <LinkSpoiled to="/sign-up" label={t('logIn.signUp')} />
  return (
    <>
      <h1 className="text-2xl">{t('verify.title')}</h1>
      <p className="mt-1 text-muted-foreground">{t('verify.text')}</p>
      <div className="mt-6">
        <VerifyForm token={token} onDone={enter} />
      </div>
    </>
  )
}
