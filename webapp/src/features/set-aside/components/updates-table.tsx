import { type ReactNode, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { type UpdateOut, updatesReplay } from '@/api'
import { columnsOf } from '@/components/data-table/columns'
import type { Paged } from '@/components/data-table/data-table'
import { Moment } from '@/components/ui/moment'
import { useTenantAction } from '@/lib/requests'
import { AgainButton } from './again-button'
import { SetAsideTable } from './set-aside-table'

interface UpdatesTableProps extends Paged<UpdateOut> {
  botId: string
  toolbar?: ReactNode
}

const column = columnsOf<UpdateOut>()

export function UpdatesTable({ botId, ...list }: UpdatesTableProps) {
  const { t } = useTranslation('set-aside')
  const columns = useMemo(
    () =>
      column.columns([
        column.accessor('kind', {
          header: t('columns.update'),
          meta: { isTitle: true },
          cell: ({ row: { original } }) => (
            <>
              <span className="block">{original.kind || t('unreadable')}</span>
              <span className="block font-mono text-xs font-normal text-muted-foreground">
                {original.update_id}
              </span>
            </>
          ),
        }),
        column.accessor('reason', {
          header: t('columns.reason'),
          cell: ({ getValue }) => <span className="font-mono text-xs break-words">{getValue() || '—'}</span>,
        }),
        column.accessor('attempts', {
          header: t('columns.attempts'),
          meta: { align: 'end', show: 'wide' },
        }),
        column.accessor('received_at', {
          header: t('columns.at'),
          cell: ({ getValue }) => <Moment at={getValue()} />,
        }),
        column.display({
          id: 'actions',
          meta: { isActions: true },
          cell: ({ row }) => <Again botId={botId} update={row.original} />,
        }),
      ]),
    [t, botId],
  )
  return (
    <SetAsideTable of="updates" columns={columns} rowKey={({ update_id }) => String(update_id)} {...list} />
  )
}

function Again({ botId, update }: { botId: string; update: UpdateOut }) {
  const { t } = useTranslation('set-aside')
  const replay = useTenantAction(
    (path) => updatesReplay({ path: { ...path, bot_id: botId, update_id: update.update_id } }),
    { done: t('again.done') },
  )
  return (
    <AgainButton operation="updates-replay" isPending={replay.isPending} onClick={() => replay.mutate()} />
  )
}
