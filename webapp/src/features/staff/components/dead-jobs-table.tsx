import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { type DeadJobOut, staffQuarantineReplayJob } from '@/api'
import { columnsOf } from '@/components/data-table/columns'
import type { Logged } from '@/components/data-table/cursor-table'
import { Moment } from '@/components/ui/moment'
import { ReplayButton } from './replay-button'
import { SetAsideTable } from './set-aside-table'
import { TenantLink } from './tenant-link'

const column = columnsOf<DeadJobOut>()

/** Jobs whose tries are used up. */
export function DeadJobsTable(props: Logged<DeadJobOut>) {
  const { t } = useTranslation('staff')
  const columns = useMemo(
    () =>
      column.columns([
        column.accessor('kind', {
          header: t('setAside.job'),
          meta: { isTitle: true },
          cell: ({ row: { original } }) => (
            <>
              <span className="block">{original.kind}</span>
              <span className="block text-xs font-normal text-muted-foreground">{original.queue}</span>
            </>
          ),
        }),
        column.display({
          id: 'tenant',
          header: t('setAside.tenant'),
          cell: ({ row }) => <TenantLink id={row.original.tenant_id} name={row.original.tenant_name} />,
        }),
        column.accessor('last_error', {
          header: t('setAside.error'),
          cell: ({ getValue }) => <code className="line-clamp-3 text-xs break-all">{getValue()}</code>,
        }),
        column.accessor('attempts', { header: t('setAside.attempts'), meta: { align: 'end', show: 'wide' } }),
        column.accessor('finished_at', {
          header: t('setAside.gaveUp'),
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
                staffQuarantineReplayJob({ path: { tenant_id: original.tenant_id, job_id: original.id } })
              }
            />
          ),
        }),
      ]),
    [t],
  )
  return <SetAsideTable of="jobs" columns={columns} rowKey={({ id }) => id} {...props} />
}
