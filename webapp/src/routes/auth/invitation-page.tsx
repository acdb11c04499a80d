import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { Trans, useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import { type InvitationViewOut, type LogInOut, invitationsLook } from '@/api'
import { Button } from '@/components/ui/button'
import { Loaded } from '@/components/ui/loaded'
import { Skeleton } from '@/components/ui/skeleton'
import { AcceptCard } from '@/features/auth/components/accept-card'
import { JoinForm } from '@/features/auth/components/join-form'
import { LinkSpoiled } from '@/features/auth/components/link-spoiled'
import { dropInvitation, keepInvitation, readInvitation } from '@/features/auth/kept-invitation'
import { useEntry } from '@/features/auth/use-entry'
import { useFragmentToken } from '@/lib/fragment-token'
import { isSignedOut, toProblem } from '@/lib/problem'
import { useMe } from '@/lib/use-me'
import { useTitle } from '@/lib/use-title'

export function Page() {
  const { t } = useTranslation('auth')
  const fresh = useFragmentToken()
  const token = fresh || readInvitation()
  useEffect(() => {
    if (fresh) keepInvitation(fresh)
  }, [fresh])
  const invitation = useQuery({
    queryKey: ['invitation', token],
    queryFn: async () => (await invitationsLook({ body: { token } })).data,
    enabled: token !== '',
    retry: false,
  })
  useTitle(t('invitation.title'))
  if (!token || toProblem(invitation.error).code === 'invitation_invalid')
    return <LinkSpoiled to="/" label={t('confirm.open')} text={t('invitation.spoiled')} />
  return (
    <Loaded query={invitation} skeleton={<Skeleton className="h-64" />}>
      {(found) => <Invitation invitation={found} token={token} />}
    </Loaded>
  )
}

function Invitation({ invitation, token }: { invitation: InvitationViewOut; token: string }) {
  const { t } = useTranslation('auth')
  const { t: common } = useTranslation()
  const { tenant_name, inviter_name, email, role } = invitation
  return (
    <>
      <h1 className="text-2xl">{t('invitation.heading', { tenant: tenant_name })}</h1>
      <p className="mt-2 text-muted-foreground">
        <Trans
          t={t}
          i18nKey="invitation.text"
          values={{ inviter: inviter_name, email, role: common(`roles.${role}`) }}
          components={{ strong: <strong className="font-medium text-foreground" /> }}
        />
      </p>
      <p className="mt-1 text-muted-foreground">{t(`invitation.roles.${role}`)}</p>
      <div className="mt-6">
        <Answer invitation={invitation} token={token} />
      </div>
    </>
  )
}

function Answer({ invitation, token }: { invitation: InvitationViewOut; token: string }) {
  const { t } = useTranslation('auth')
  const me = useMe()
  const enter = useEntry(null)
  if (me.data) return <AcceptCard token={token} name={me.data.name} email={me.data.email} />
  if (!me.isError) return <Skeleton className="h-24" />
  if (!isSignedOut(me.error) || invitation.has_account)
    return (
      <Button asChild variant="primary" size="lg" className="w-full">
        <Link to="/log-in?return=/invitation">{t('invitation.logIn')}</Link>
      </Button>
    )
  const join = (entry: LogInOut) => {
    dropInvitation()
    enter(entry)
  }
  return (
    <>
      <JoinForm token={token} onDone={join} />
      <p className="mt-6 text-center text-muted-foreground">
        {t('signUp.haveAccount')}{' '}
        <Link className="font-medium text-info hover:underline" to="/log-in?return=/invitation">
          {t('signUp.logIn')}
        </Link>
      </p>
    </>
  )
}
