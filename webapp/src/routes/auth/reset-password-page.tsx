import { CircleCheck } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import { Button } from '@/components/ui/button'
import { Skeleton } from '@/components/ui/skeleton'
import { State } from '@/components/ui/state'
import { LinkSpoiled } from '@/features/auth/components/link-spoiled'
import { NewPasswordForm } from '@/features/auth/components/new-password-form'
import { useLetterLink } from '@/features/auth/use-letter-link'
import { useFragmentToken } from '@/lib/fragment-token'
import { useTitle } from '@/lib/use-title'

export function Page() {
  const { t } = useTranslation('auth')
  const token = useFragmentToken()
  const { isSpoiled, isLooking, refuse } = useLetterLink('reset_password', token)
  const [isDone, setIsDone] = useState(false)
  useTitle(t('reset.title'))
  if (isDone)
    return (
      <State
        icon={CircleCheck}
        title={t('reset.done')}
        className="px-0"
        action={
          <Button asChild variant="primary">
            <Link to="/log-in">{t('logIn.submit')}</Link>
          </Button>
        }
      >
        {t('reset.doneText')}
      </State>
    )
  if (isSpoiled)
    return <LinkSpoiled to="/forgot-password" label={t('link.again')} text={t('reset.spoiled')} />
  if (isLooking) return <Skeleton className="h-56" />
  return (
    <>
      <h1 className="text-2xl">{t('reset.title')}</h1>
      <p className="mt-1 text-muted-foreground">{t('reset.text')}</p>
      <div className="mt-6">
        <NewPasswordForm token={token} onDone={() => setIsDone(true)} onSpoiled={refuse} />
      </div>
    </>
  )
}
