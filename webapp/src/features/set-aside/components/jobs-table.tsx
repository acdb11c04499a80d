import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { type JobOut, jobsReplay } from '@/api'
import { columnsOf } from '@/components/data-table/columns'
import type { Paged } from '@/components/data-table/data-table'
import { Moment } from '@/components/ui/moment'
import { useTenantAction } from '@/lib/requests'
import { AgainButton } from './again-button'
import { AllAgain } from './all-again'
import { Kind } from './kind'
import { SetAsideTable } from './set-aside-table'

const column = columnsOf<JobOut>()

export function JobsTable(list: Paged<JobOut>) {
  const { t } = useTranslation('set-aside')
  const columns = useMemo(
    () =>
      column.columns([
        column.accessor('kind', {
          header: t('columns.job'),
          meta: { isTitle: true },
          cell: ({ getValue }) => <Kind kind={getValue()} />,
        }),
        column.accessor('last_error', {
          header: t('columns.reason'),
          cell: ({ getValue }) => (
            <span className="block font-mono text-xs break-words sm:max-w-96">{getValue() || '—'}</span>
          ),
        }),
        column.accessor('attempts', {
          header: t('columns.attempts'),
          meta: { align: 'end', show: 'wide' },
        }),
        column.accessor('finished_at', {
          header: t('columns.at'),
          cell: ({ getValue }) => <Moment at={getValue()} />,
        }),
        column.display({
          id: 'actions',
          meta: { isActions: true },
          cell: ({ row }) => <Again job={row.original} />,
        }),
      ]),
    [t],
  )
  const hasMore = (list.query.data?.total ?? 0) > 1
  return (
    <SetAsideTable
      of="jobs"
      columns={columns}
      rowKey={({ id }) => id}
      {...(hasMore && { toolbar: <AllAgain /> })}
      {...list}
    />
  )
}

function Again({ job }: { job: JobOut }) {
  const { t } = useTranslation('set-aside')
  const replay = useTenantAction((path) => jobsReplay({ path: { ...path, job_id: job.id } }), {
    done: t('again.done'),
  })
  return <AgainButton operation="jobs-replay" isPending={replay.isPending} onClick={() => replay.mutate()} />
}
