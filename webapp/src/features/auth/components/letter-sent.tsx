import { MailCheck } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Trans, useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import { Button } from '@/components/ui/button'
import { useAction } from '@/lib/requests'
import { useTitle } from '@/lib/use-title'

const PAUSE_SECONDS = 60

interface LetterSentProps {
  email: string
  text: string
  send: (email: string) => Promise<{ data: unknown }>
}

/** A letter is on its way. Says the same whether or not the address has an account. */
export function LetterSent({ email, text, send }: LetterSentProps) {
  const { t } = useTranslation('auth')
  const [left, setLeft] = useState(PAUSE_SECONDS)
  const resend = useAction(() => send(email), {
    done: t('letter.again'),
    onDone: () => setLeft(PAUSE_SECONDS),
  })
  useEffect(() => {
    if (left <= 0) return
    const timer = setTimeout(() => setLeft(left - 1), 1000)
    return () => clearTimeout(timer)
  }, [left])
  useTitle(t('letter.title'))
  return (
    <div className="text-center">
      <span className="mx-auto mb-4 flex size-12 items-center justify-center rounded-full bg-info-soft text-info">
        <MailCheck className="size-6" aria-hidden />
      </span>
      <h1 className="text-2xl">{t('letter.title')}</h1>
      <p className="mt-2 text-muted-foreground">
        <Trans
          t={t}
          i18nKey="letter.to"
          values={{ email }}
          components={{ email: <strong className="font-medium break-words text-foreground" /> }}
        />{' '}
        {text}
      </p>
      <p className="mt-4 text-muted-foreground">{t('letter.spam')}</p>
      <Button
        className="mt-6 w-full"
        size="lg"
        disabled={left > 0}
        isPending={resend.isPending}
        onClick={() => resend.mutate()}
      >
        {left > 0 ? t('letter.wait', { seconds: left }) : t('letter.resend')}
      </Button>
      <Link to="/log-in" className="mt-5 inline-block font-medium text-info hover:underline">
        {t('letter.logIn')}
      </Link>
    </div>
  )
}
