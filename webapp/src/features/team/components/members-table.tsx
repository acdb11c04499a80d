import type { UseQueryResult } from '@tanstack/react-query'
import { UsersRound } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { MemberOut, PageOutMemberOut } from '@/api'
import { columnsOf } from '@/components/data-table/columns'
import { DataTable, type ListState } from '@/components/data-table/data-table'
import { Badge } from '@/components/ui/badge'
import { State } from '@/components/ui/state'
import { ROLE_TONES } from '../roles'
import { MemberMenu } from './member-menu'

interface MembersTableProps {
  query: UseQueryResult<PageOutMemberOut>
  state: ListState
  onChange: (changes: Partial<ListState>) => void
  /** Whose own line it is. */
  me: string | undefined
}

const column = columnsOf<MemberOut>()

export function MembersTable({ query, state, onChange, me }: MembersTableProps) {
  const { t } = useTranslation('team')
  const { t: common } = useTranslation()
  const columns = useMemo(
    () =>
      column.columns([
        column.display({
          id: 'name',
          header: t('columns.name'),
          meta: { isTitle: true },
          cell: ({ row: { original } }) => (
            <span className="flex items-center gap-2">
              {original.name}
              {original.admin_id === me && <Badge>{t('you')}</Badge>}
            </span>
          ),
        }),
        column.accessor('email', {
          header: t('columns.email'),
          cell: ({ getValue }) => getValue() ?? <span className="text-muted-foreground">—</span>,
        }),
        column.accessor('role', {
          header: t('columns.role'),
          cell: ({ getValue }) => (
            <Badge tone={ROLE_TONES[getValue()]}>{common(`roles.${getValue()}`)}</Badge>
          ),
        }),
        column.display({
          id: 'actions',
          header: () => <span className="sr-only">{common('table.rowActions')}</span>,
          meta: { isActions: true, align: 'end' },
          cell: ({ row: { original } }) => <MemberMenu member={original} isMe={original.admin_id === me} />,
        }),
      ]),
    [common, me, t],
  )
  return (
    <DataTable
      label={t('title')}
      columns={columns}
      query={query}
      rowKey={({ admin_id }) => admin_id}
      state={state}
      onChange={onChange}
      empty={<State icon={UsersRound} title={t('empty')} />}
    />
  )
}
