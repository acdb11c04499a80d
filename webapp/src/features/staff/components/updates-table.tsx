import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { type SetAsideUpdateOut, staffQuarantineReplayUpdate } from '@/api'
import { columnsOf } from '@/components/data-table/columns'
import type { Logged } from '@/components/data-table/cursor-table'
import { Moment } from '@/components/ui/moment'
import { ReplayButton } from './replay-button'
import { SetAsideTable } from './set-aside-table'
import { TenantLink } from './tenant-link'

const column = columnsOf<SetAsideUpdateOut>()

/** What a bot could not handle. What it says is a private chat and is not shown. */
export function UpdatesTable(props: Logged<SetAsideUpdateOut>) {
  const { t } = useTranslation('staff')
  const columns = useMemo(
    () =>
      column.columns([
        column.display({
          id: 'bot',
          header: t('setAside.bot'),
          meta: { isTitle: true },
          cell: ({ row }) => `@${row.original.bot_username}`,
        }),
        column.display({
          id: 'tenant',
          header: t('setAside.tenant'),
          cell: ({ row }) => <TenantLink id={row.original.tenant_id} name={row.original.tenant_name} />,
        }),
        column.accessor('reason', {
          header: t('setAside.reason'),
          cell: ({ getValue }) => <code className="text-xs break-all">{getValue()}</code>,
        }),
        column.accessor('attempts', { header: t('setAside.attempts'), meta: { align: 'end', show: 'wide' } }),
        column.accessor('received_at', {
          header: t('setAside.received'),
          cell: ({ getValue }) => <Moment at={getValue()} />,
        }),
        column.display({
          id: 'actions',
          header: () => <span className="sr-only">{t('setAside.replay')}</span>,
          meta: { isActions: true, align: 'end' },
          cell: ({ row: { original } }) => (
            <ReplayButton
              label={t('setAside.replay')}
              send={() =>
                staffQuarantineReplayUpdate({
                  path: {
                    tenant_id: original.tenant_id,
                    bot_id: original.bot_id,
                    update_id: original.update_id,
                  },
                })
              }
            />
          ),
        }),
      ]),
    [t],
  )
  return (
    <SetAsideTable
      of="updates"
      columns={columns}
      rowKey={({ bot_id, update_id }) => `${bot_id} ${update_id}`}
      {...props}
    />
  )
}
