import { MessageCircle, Send, ShieldCheck } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { type UndeliveredOut, channelsCheckRights, usersResendLinks } from '@/api'
import { Button } from '@/components/ui/button'
import { useTenantAction } from '@/lib/requests'
import { useCan } from '@/lib/tenancy'
import { REMEDIES } from '../states'

/** The one thing that helps a person who paid and is not inside. */
export function Remedy({ row: { payment, places, reason } }: { row: UndeliveredOut }) {
  const { t } = useTranslation('payments')
  const can = useCan()
  const resend = useTenantAction(
    (path) => usersResendLinks({ path: { ...path, user_id: payment.user.id } }),
    { done: t('undelivered.resent') },
  )
  const check = useTenantAction(
    async (path) => {
      const answers = await Promise.all(
        places.map(({ channel_id }) => channelsCheckRights({ path: { ...path, channel_id } })),
      )
      return { data: answers.length }
    },
    { done: t('undelivered.checked') },
  )
  const remedy = REMEDIES[reason]
  if (remedy === 'write')
    return payment.user.username === null ? null : (
      <Button asChild size="sm">
        <a href={`https://t.me/${payment.user.username}`} target="_blank" rel="noreferrer">
          <MessageCircle aria-hidden />
          {t('undelivered.write')}
        </a>
      </Button>
    )
  if (remedy === 'resend' && can('users-resend_links'))
    return (
      <Button size="sm" isPending={resend.isPending} onClick={() => resend.mutate()}>
        {!resend.isPending && <Send aria-hidden />}
        {t('undelivered.resend')}
      </Button>
    )
  if (remedy !== 'resend' && places.length > 0 && can('channels-check_rights'))
    return (
      <Button size="sm" isPending={check.isPending} onClick={() => check.mutate()}>
        {!check.isPending && <ShieldCheck aria-hidden />}
        {t(remedy === 'rights' ? 'undelivered.checkRights' : 'undelivered.checkAgain')}
      </Button>
    )
  return null
}
