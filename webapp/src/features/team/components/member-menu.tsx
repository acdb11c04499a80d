import { Ellipsis, LogOut, UserCog, UserMinus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router-dom'
import { type MemberOut, tenantsLeave, tenantsRemoveMember } from '@/api'
import { AlertDialog } from '@/components/ui/alert-dialog'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Menu, MenuItem } from '@/components/ui/dropdown-menu'
import { later } from '@/lib/later'
import { useAction, useTenantAction } from '@/lib/requests'
import { useCan, useTenant } from '@/lib/tenancy'

const RoleForm = later(() => import('./role-form').then((file) => file.RoleForm))

export function MemberMenu({ member, isMe }: { member: MemberOut; isMe: boolean }) {
  const { t } = useTranslation('team')
  const can = useCan()
  const navigate = useNavigate()
  const tenant = useTenant()
  const [asked, setAsked] = useState<'role' | 'remove' | 'leave'>()
  const close = () => setAsked(undefined)
  const remove = useTenantAction(
    (path) => tenantsRemoveMember({ path: { ...path, member_id: member.admin_id } }),
    { done: t('remove.done'), onDone: close },
  )
  const leave = useAction(() => tenantsLeave({ path: { tenant_id: tenant.id } }), {
    done: t('leave.done'),
    onDone: () => navigate('/'),
  })
  const canChange = can('tenants-change_member')
  const canRemove = can('tenants-remove_member') && !isMe
  const canLeave = can('tenants-leave') && isMe
  if (!canChange && !canRemove && !canLeave) return null
  return (
    <>
      <Menu
        trigger={
          <Button variant="ghost" size="icon" aria-label={t('menu', { name: member.name })}>
            <Ellipsis aria-hidden />
          </Button>
        }
      >
        {canChange && (
          <MenuItem onSelect={() => setAsked('role')}>
            <UserCog aria-hidden />
            {t('change.open')}
          </MenuItem>
        )}
        {canRemove && (
          <MenuItem tone="danger" onSelect={() => setAsked('remove')}>
            <UserMinus aria-hidden />
            {t('remove.open')}
          </MenuItem>
        )}
        {canLeave && (
          <MenuItem tone="danger" onSelect={() => setAsked('leave')}>
            <LogOut aria-hidden />
            {t('leave.open')}
          </MenuItem>
        )}
      </Menu>
      <Dialog
        isOpen={asked === 'role'}
        onOpenChange={close}
        title={t('change.title', { name: member.name })}
        description={t('change.text')}
      >
        <RoleForm member={member} onDone={close} />
      </Dialog>
      <AlertDialog
        isOpen={asked === 'remove'}
        onOpenChange={close}
        title={t('remove.title', { name: member.name })}
        description={t('remove.text')}
        confirmLabel={t('remove.submit')}
        isPending={remove.isPending}
        onConfirm={() => remove.mutate()}
      />
      <AlertDialog
        isOpen={asked === 'leave'}
        onOpenChange={close}
        title={t('leave.title', { tenant: tenant.name })}
        description={t('leave.text')}
        confirmLabel={t('leave.submit')}
        isPending={leave.isPending}
        onConfirm={() => leave.mutate()}
      />
    </>
  )
}
