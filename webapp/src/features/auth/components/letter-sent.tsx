import { MailCheck } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { authResendSignUp } from '@/api'
import { Button } from '@/components/ui/button'
import { useAction } from '@/lib/requests'

/** Says the same whether or not the address has an account: the letter tells. */
export function LetterSent({ email, onAgain }: { email: string; onAgain: () => void }) {
  const { t } = useTranslation('auth')
  const resend = useAction(() => authResendSignUp({ body: { email } }), { done: t('letter.resent') })
  return (
    <div role="status">
      <span className="mb-4 inline-flex rounded-lg bg-info-soft p-3 text-info">
        <MailCheck className="size-6" aria-hidden />
      </span>
      <h1 className="text-2xl">{t('letter.title')}</h1>
      <p className="mt-2 text-muted-foreground">{t('letter.text', { email })}</p>
      <div className="mt-6 flex flex-wrap gap-2">
        <Button isPending={resend.isPending} onClick={() => resend.mutate()}>
          {t('letter.resend')}
        </Button>
        <Button variant="ghost" onClick={onAgain}>
          {t('letter.again')}
        </Button>
      </div>
    </div>
  )
}
