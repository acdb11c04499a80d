import { Table2, UserPlus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import { invitationsListOptions, tenantsListMembersOptions } from '@/api/@tanstack/react-query.gen'
import { listParams } from '@/components/data-table/list-state'
import { PageBody } from '@/components/layout/page-body'
import { PageHeader } from '@/components/layout/page-header'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { InvitationsTable } from '@/features/team/components/invitations-table'
import { MembersTable } from '@/features/team/components/members-table'
import { later } from '@/lib/later'
import { useTenantQuery } from '@/lib/requests'
import { useCan, useTenantPath } from '@/lib/tenancy'
import { integer, useUrlState } from '@/lib/url-state'
import { useMe } from '@/lib/use-me'

const InviteForm = later(() =>
  import('@/features/team/components/invite-form').then((file) => file.InviteForm),
)

const params = { ...listParams, invited: integer(1) }
const INVITATIONS = 25

export function Page() {
  const { t } = useTranslation('team')
  const can = useCan()
  const path = useTenantPath()
  const me = useMe()
  const { value, set } = useUrlState(params)
  const [isInviting, setIsInviting] = useState(false)
  const { page, size, invited } = value
  const members = useTenantQuery((of) => tenantsListMembersOptions({ path: of, query: { page, size } }))
  const invitations = useTenantQuery(
    (of) => invitationsListOptions({ path: of, query: { page: invited, size: INVITATIONS } }),
    { enabled: can('invitations-list') },
  )
  return (
    <PageBody>
      <PageHeader
        title={t('title')}
        description={t('description')}
        actions={
          <>
            <Button asChild>
              <Link to={path('/settings/team/roles')}>
                <Table2 aria-hidden />
                {t('roles.open')}
              </Link>
            </Button>
            {can('invitations-create') && (
              <Button variant="primary" onClick={() => setIsInviting(true)}>
                <UserPlus aria-hidden />
                {t('invite.open')}
              </Button>
            )}
          </>
        }
      />
      <MembersTable query={members} state={value} onChange={set} me={me.data?.id} />
      {can('invitations-list') && (
        <section className="mt-8">
          <h2 className="mb-3 text-base">{t('invitations.title')}</h2>
          <InvitationsTable
            query={invitations}
            state={{ page: invited, size: INVITATIONS }}
            onChange={(changes) => set({ invited: changes.page ?? 1 })}
          />
        </section>
      )}
      <Dialog
        isOpen={isInviting}
        onOpenChange={setIsInviting}
        title={t('invite.title')}
        description={t('invite.text')}
      >
        <InviteForm onDone={() => setIsInviting(false)} />
      </Dialog>
    </PageBody>
  )
}
