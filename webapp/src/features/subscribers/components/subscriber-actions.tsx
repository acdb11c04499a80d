import { Ellipsis, Gift, Send, UserCheck, UserX } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type PlanOut, type UserDetailsOut, usersChange, usersResendLinks } from '@/api'
import { AlertDialog } from '@/components/ui/alert-dialog'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Menu, MenuItem } from '@/components/ui/dropdown-menu'
import { later } from '@/lib/later'
import { useTenantAction } from '@/lib/requests'
import { useCan } from '@/lib/tenancy'
import { usePersonName } from '@/lib/use-person-name'

const GrantForm = later(() => import('./grant-form').then((file) => file.GrantForm))

interface SubscriberActionsProps {
  user: UserDetailsOut
  plans: PlanOut[]
}

export function SubscriberActions({ user, plans }: SubscriberActionsProps) {
  const { t } = useTranslation('subscribers')
  const can = useCan()
  const nameOf = usePersonName()
  const [isGranting, setIsGranting] = useState(false)
  const [isChanging, setIsChanging] = useState(false)
  const resend = useTenantAction((path) => usersResendLinks({ path: { ...path, user_id: user.id } }), {
    done: t('resend.done'),
  })
  const change = useTenantAction(
    (path) =>
      usersChange({
        path: { ...path, user_id: user.id },
        body: { is_whitelisted: !user.is_whitelisted },
      }),
    { done: t('whitelist.done'), onDone: () => setIsChanging(false) },
  )
  const canReach = user.reach === 'open' && user.subscriptions.some(({ status }) => status === 'active')
  const mode = user.is_whitelisted ? 'remove' : 'add'
  // Nothing is changed about somebody who is being forgotten.
  const isKept = user.erasure_asked_at === null
  const canChange = can('users-change') && isKept
  return (
    <>
      {can('users-resend_links') && canReach && (
        <Button isPending={resend.isPending} onClick={() => resend.mutate()}>
          {!resend.isPending && <Send className="max-sm:hidden" aria-hidden />}
          {t('resend.submit')}
        </Button>
      )}
      {can('users-grant') && isKept && plans.length > 0 && (
        <Button variant="primary" onClick={() => setIsGranting(true)}>
          <Gift className="max-sm:hidden" aria-hidden />
          {t('grant.open')}
        </Button>
      )}
      {canChange && (
        <Menu
          trigger={
            <Button variant="outline" size="icon" aria-label={t('menu', { name: nameOf(user) })}>
              <Ellipsis aria-hidden />
            </Button>
          }
        >
          <MenuItem onSelect={() => setIsChanging(true)}>
            {user.is_whitelisted ? <UserX aria-hidden /> : <UserCheck aria-hidden />}
            {t(`whitelist.${mode}.open`)}
          </MenuItem>
        </Menu>
      )}
      <Dialog
        isOpen={isGranting}
        onOpenChange={setIsGranting}
        title={t('grant.title')}
        description={t('grant.text')}
      >
        <GrantForm user={user} plans={plans} onDone={() => setIsGranting(false)} />
      </Dialog>
      <AlertDialog
        isOpen={isChanging}
        onOpenChange={setIsChanging}
        tone={user.is_whitelisted ? 'danger' : 'primary'}
        title={t(`whitelist.${mode}.title`, { name: nameOf(user) })}
        description={t(`whitelist.${mode}.text`)}
        confirmLabel={t(`whitelist.${mode}.submit`)}
        isPending={change.isPending}
        onConfirm={() => change.mutate()}
      />
    </>
  )
}
