import type { UseQueryResult } from '@tanstack/react-query'
import { CircleCheck } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { type NoticeOut, type PageOutNoticeOut, paymentsCheckNotice } from '@/api'
import { columnsOf } from '@/components/data-table/columns'
import { DataTable, type ListState } from '@/components/data-table/data-table'
import { Moment } from '@/components/ui/moment'
import { State } from '@/components/ui/state'
import { useTenantAction } from '@/lib/requests'
import { AgainButton } from './again-button'

interface NoticesTableProps {
  query: UseQueryResult<PageOutNoticeOut>
  state: ListState
  onChange: (changes: Partial<ListState>) => void
}

const column = columnsOf<NoticeOut>()

export function NoticesTable({ query, state, onChange }: NoticesTableProps) {
  const { t } = useTranslation('set-aside')
  const columns = useMemo(
    () =>
      column.columns([
        column.accessor('event', {
          header: t('columns.event'),
          meta: { isTitle: true },
          cell: ({ row: { original } }) => (
            <>
              <span className="block">{original.event}</span>
              <span className="block font-mono text-xs font-normal break-all text-muted-foreground">
                {original.object_id}
              </span>
            </>
          ),
        }),
        column.accessor('reason', {
          header: t('columns.reason'),
          cell: ({ getValue }) => <span className="font-mono text-xs">{getValue() || '—'}</span>,
        }),
        column.accessor('arrivals', {
          header: t('columns.arrivals'),
          meta: { align: 'end', show: 'wide' },
        }),
        column.accessor('received_at', {
          header: t('columns.at'),
          cell: ({ getValue }) => <Moment at={getValue()} />,
        }),
        column.display({
          id: 'actions',
          meta: { isActions: true },
          cell: ({ row }) => <Again notice={row.original} />,
        }),
      ]),
    [t],
  )
  return (
    <DataTable
      label={t('tabs.notices')}
      columns={columns}
      query={query}
      rowKey={({ id }) => id}
      state={state}
      onChange={onChange}
      empty={
        <State icon={CircleCheck} title={t('empty.title')}>
          {t('empty.notices')}
        </State>
      }
    />
  )
}

function Again({ notice }: { notice: NoticeOut }) {
  const { t } = useTranslation('set-aside')
  const check = useTenantAction((path) => paymentsCheckNotice({ path: { ...path, notice_id: notice.id } }), {
    done: t('again.done'),
  })
  return (
    <AgainButton
      operation="payments-check_notice"
      isPending={check.isPending}
      onClick={() => check.mutate()}
    />
  )
}
