import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { type NoticeOut, paymentsCheckNotice } from '@/api'
import { columnsOf } from '@/components/data-table/columns'
import type { Paged } from '@/components/data-table/data-table'
import { Moment } from '@/components/ui/moment'
import { useTenantAction } from '@/lib/requests'
import { AgainButton } from './again-button'
import { SetAsideTable } from './set-aside-table'

const column = columnsOf<NoticeOut>()

export function NoticesTable(list: Paged<NoticeOut>) {
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
  return <SetAsideTable of="notices" columns={columns} rowKey={({ id }) => id} {...list} />
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
