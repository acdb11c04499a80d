import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router-dom'
import { authLogOut, invitationsAccept } from '@/api'
import { Button } from '@/components/ui/button'
import { useAction } from '@/lib/requests'
import { session } from '@/lib/session'
import { dropInvitation } from '../kept-invitation'

interface AcceptCardProps {
  token: string
  /** Who is logged in. */
  name: string
  email: string | null
}

/** For whoever is logged in: join as this person, or as another one. */
export function AcceptCard({ token, name, email }: AcceptCardProps) {
  const { t } = useTranslation('auth')
  const navigate = useNavigate()
  const accept = useAction(() => invitationsAccept({ body: { token } }), {
    onDone: ({ id }) => {
      dropInvitation()
      navigate(`/t/${id}`, { replace: true })
    },
  })
  const leave = useAction(() => authLogOut(), {
    key: ['nothing'],
    onDone: () => {
      session.set(false)
      navigate('/log-in?return=/invitation')
    },
  })
  return (
    <div className="space-y-3">
      <Button
        variant="primary"
        size="lg"
        className="w-full"
        isPending={accept.isPending}
        onClick={() => accept.mutate()}
      >
        {t('invitation.accept')}
      </Button>
      <p className="text-center text-muted-foreground">{t('invitation.as', { name: email ?? name })}</p>
      <Button variant="ghost" className="w-full" isPending={leave.isPending} onClick={() => leave.mutate()}>
        {t('invitation.other')}
      </Button>
    </div>
  )
}
