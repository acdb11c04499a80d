import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams, useSearchParams } from 'react-router-dom'
import { authFinishProvider } from '@/api'
import { LinkSpoiled } from '@/features/auth/components/link-spoiled'
import { useEntry } from '@/features/auth/use-entry'
import { currentLanguage } from '@/i18n'
import { problemText } from '@/i18n/problem-text'
import { toProblem } from '@/lib/problem'
import { useAction } from '@/lib/requests'
import { keepReturnPath, readReturnPath } from '@/lib/session'
import { useTitle } from '@/lib/use-title'

/** Where another service sends the browser back, with an answer for the API. */
export function Page() {
  const { t } = useTranslation('auth')
  const { provider = '' } = useParams()
  const [params] = useSearchParams()
  const enter = useEntry(readReturnPath())
  const isSent = useRef(false)
  const code = params.get('code')
  const state = params.get('state')
  const { mutate, error } = useAction(
    (body: { code: string; state: string }) =>
      authFinishProvider({ path: { provider }, body: { ...body, locale: currentLanguage() } }),
    {
      errors: 'form',
      onDone: (entry) => {
        keepReturnPath(null)
        enter(entry)
      },
    },
  )
  useEffect(() => {
    if (isSent.current || code === null || state === null) return
    isSent.current = true
    mutate({ code, state })
  }, [code, mutate, state])
  useTitle(t('logIn.title'))
  if (code === null || state === null || error)
    return (
      <LinkSpoiled
        to="/log-in"
        label={t('letter.logIn')}
        text={error ? problemText(toProblem(error)) : t('providers.refused')}
      />
    )
  return (
    <p role="status" className="text-center text-muted-foreground">
      {t('providers.waiting')}
    </p>
  )
}
