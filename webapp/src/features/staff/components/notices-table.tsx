import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { type SetAsideNoticeOut, staffQuarantineCheckNotice } from '@/api'
import { columnsOf } from '@/components/data-table/columns'
import type { Logged } from '@/components/data-table/cursor-table'
import { Moment } from '@/components/ui/moment'
import { ReplayButton } from './replay-button'
import { SetAsideTable } from './set-aside-table'
import { TenantLink } from './tenant-link'

const column = columnsOf<SetAsideNoticeOut>()

/** A gateway's notices that do not match what was asked for. */
export function NoticesTable(props: Logged<SetAsideNoticeOut>) {
  const { t } = useTranslation('staff')
  const columns = useMemo(
    () =>
      column.columns([
        column.accessor('event', { header: t('setAside.event'), meta: { isTitle: true } }),
        column.display({
          id: 'tenant',
          header: t('setAside.tenant'),
          cell: ({ row }) => <TenantLink id={row.original.tenant_id} name={row.original.tenant_name} />,
        }),
        column.accessor('object_id', {
          header: t('setAside.object'),
          meta: { show: 'wide' },
          cell: ({ getValue }) => <code className="text-xs break-all">{getValue()}</code>,
        }),
        column.accessor('reason', {
          header: t('setAside.reason'),
          cell: ({ getValue }) => <code className="text-xs break-all">{getValue()}</code>,
        }),
        column.accessor('received_at', {
          header: t('setAside.received'),
          cell: ({ getValue }) => <Moment at={getValue()} />,
        }),
        column.display({
          id: 'actions',
          header: () => <span className="sr-only">{t('setAside.check')}</span>,
          meta: { isActions: true, align: 'end' },
          cell: ({ row: { original } }) => (
            <ReplayButton
              label={t('setAside.check')}
              send={() =>
                staffQuarantineCheckNotice({
                  path: { tenant_id: original.tenant_id, notice_id: original.id },
                })
              }
            />
          ),
        }),
      ]),
    [t],
  )
  return <SetAsideTable of="notices" columns={columns} rowKey={({ id }) => id} {...props} />
}
