import type { UseQueryResult } from '@tanstack/react-query'
import { MailPlus, Send, X } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type InvitationOut, type PageOutInvitationOut, invitationsResend, invitationsRevoke } from '@/api'
import { columnsOf } from '@/components/data-table/columns'
import { DataTable, type ListState } from '@/components/data-table/data-table'
import { AlertDialog } from '@/components/ui/alert-dialog'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Moment } from '@/components/ui/moment'
import { State } from '@/components/ui/state'
import { useTenantAction } from '@/lib/requests'
import { useCan } from '@/lib/tenancy'
import { ROLE_TONES } from '../roles'

interface InvitationsTableProps {
  query: UseQueryResult<PageOutInvitationOut>
  state: ListState
  onChange: (changes: Partial<ListState>) => void
}

const column = columnsOf<InvitationOut>()

/** Who was invited and has not come yet. */
export function InvitationsTable({ query, state, onChange }: InvitationsTableProps) {
  const { t } = useTranslation('team')
  const { t: common } = useTranslation()
  const columns = useMemo(
    () =>
      column.columns([
        column.accessor('email', { header: t('columns.email'), meta: { isTitle: true } }),
        column.accessor('role', {
          header: t('columns.role'),
          cell: ({ getValue }) => (
            <Badge tone={ROLE_TONES[getValue()]}>{common(`roles.${getValue()}`)}</Badge>
          ),
        }),
        column.accessor('sent_at', {
          header: t('columns.sent'),
          cell: ({ getValue }) => <Moment at={getValue()} fallback={t('invitations.onItsWay')} />,
        }),
        column.accessor('expires_at', {
          header: t('columns.expires'),
          cell: ({ getValue }) => <Moment at={getValue()} />,
        }),
        column.display({
          id: 'actions',
          header: () => <span className="sr-only">{common('table.rowActions')}</span>,
          meta: { isActions: true, align: 'end' },
          cell: ({ row: { original } }) => <Actions invitation={original} />,
        }),
      ]),
    [common, t],
  )
  return (
    <DataTable
      label={t('invitations.title')}
      columns={columns}
      query={query}
      rowKey={({ id }) => id}
      state={state}
      onChange={onChange}
      empty={
        <State icon={MailPlus} title={t('invitations.empty')} className="py-10">
          {t('invitations.emptyText')}
        </State>
      }
    />
  )
}

function Actions({ invitation }: { invitation: InvitationOut }) {
  const { t } = useTranslation('team')
  const can = useCan()
  const [isAsking, setIsAsking] = useState(false)
  const invitation_id = invitation.id
  const resend = useTenantAction((path) => invitationsResend({ path: { ...path, invitation_id } }), {
    done: t('invitations.sentAgain'),
  })
  const revoke = useTenantAction((path) => invitationsRevoke({ path: { ...path, invitation_id } }), {
    done: t('invitations.revoked'),
    onDone: () => setIsAsking(false),
  })
  if (!can('invitations-revoke')) return null
  return (
    <span className="inline-flex gap-1">
      <Button
        variant="ghost"
        size="icon"
        aria-label={t('invitations.resend', { email: invitation.email })}
        title={t('invitations.resendShort')}
        isPending={resend.isPending}
        onClick={() => resend.mutate()}
      >
        {!resend.isPending && <Send aria-hidden />}
      </Button>
      <Button
        variant="ghost"
        size="icon"
        aria-label={t('invitations.revoke', { email: invitation.email })}
        title={t('invitations.revokeShort')}
        onClick={() => setIsAsking(true)}
      >
        <X aria-hidden />
      </Button>
      <AlertDialog
        isOpen={isAsking}
        onOpenChange={setIsAsking}
        title={t('invitations.revokeTitle')}
        description={t('invitations.revokeText', { email: invitation.email })}
        confirmLabel={t('invitations.revokeShort')}
        isPending={revoke.isPending}
        onConfirm={() => revoke.mutate()}
      />
    </span>
  )
}
