import { CircleCheck } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import { authConfirmEmail } from '@/api'
import { Button } from '@/components/ui/button'
import { State } from '@/components/ui/state'
import { LinkSpoiled } from '@/features/auth/components/link-spoiled'
import { problemText } from '@/i18n/problem-text'
import { useFragmentToken } from '@/lib/fragment-token'
import { toProblem } from '@/lib/problem'
import { useAction } from '@/lib/requests'
import { useTitle } from '@/lib/use-title'

/** The link that was sent to a new address: opening it is all there is to do. */
export function Page() {
  const { t } = useTranslation('auth')
  const token = useFragmentToken()
  const sent = useRef('')
  const { mutate, isSuccess, error } = useAction((body: { token: string }) => authConfirmEmail({ body }), {
    errors: 'form',
  })
  useEffect(() => {
    if (!token || sent.current === token) return
    sent.current = token
    mutate({ token })
  }, [mutate, token])
  useTitle(t('confirm.title'))
  if (isSuccess)
    return (
      <State
        isPage
        icon={CircleCheck}
        title={t('confirm.done')}
        className="px-0"
        action={
          <Button asChild variant="primary">
            <Link to="/">{t('confirm.open')}</Link>
          </Button>
        }
      >
        {t('confirm.doneText')}
      </State>
    )
  if (!token || error)
    return (
      <LinkSpoiled
        to="/account"
        label={t('confirm.again')}
        {...(error && { text: problemText(toProblem(error)) })}
      />
    )
  return (
    <p role="status" className="text-center text-muted-foreground">
      {t('confirm.waiting')}
    </p>
  )
}
