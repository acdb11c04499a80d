import type { UseQueryResult } from '@tanstack/react-query'
import { CircleCheck } from 'lucide-react'
import { type ReactNode, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { type PageOutUpdateOut, type UpdateOut, updatesReplay } from '@/api'
import { columnsOf } from '@/components/data-table/columns'
import { DataTable, type ListState } from '@/components/data-table/data-table'
import { Moment } from '@/components/ui/moment'
import { State } from '@/components/ui/state'
import { useTenantAction } from '@/lib/requests'
import { AgainButton } from './again-button'

interface UpdatesTableProps {
  botId: string
  query: UseQueryResult<PageOutUpdateOut>
  state: ListState
  onChange: (changes: Partial<ListState>) => void
  toolbar?: ReactNode
}

const column = columnsOf<UpdateOut>()

export function UpdatesTable({ botId, query, state, onChange, toolbar }: UpdatesTableProps) {
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
    <DataTable
      label={t('tabs.updates')}
      columns={columns}
      query={query}
      rowKey={({ update_id }) => String(update_id)}
      state={state}
      onChange={onChange}
      toolbar={toolbar}
      empty={
        <State icon={CircleCheck} title={t('empty.title')}>
          {t('empty.updates')}
        </State>
      }
    />
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
