import type { UseQueryResult } from '@tanstack/react-query'
import { EyeOff } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { ImpersonationOut } from '@/api'
import { columnsOf } from '@/components/data-table/columns'
import { type CursorPage, CursorTable } from '@/components/data-table/cursor-table'
import { Badge } from '@/components/ui/badge'
import { Moment } from '@/components/ui/moment'
import { State } from '@/components/ui/state'

interface ViewsTableProps {
  query: UseQueryResult<CursorPage<ImpersonationOut>>
  after: string
  onAfter: (after: string) => void
}

const column = columnsOf<ImpersonationOut>()

/** When the platform's staff looked at the tenant, and why. */
export function ViewsTable({ query, after, onAfter }: ViewsTableProps) {
  const { t } = useTranslation('audit')
  const columns = useMemo(
    () =>
      column.columns([
        column.accessor('staff_name', { header: t('columns.staff'), meta: { isTitle: true } }),
        column.accessor('reason', {
          header: t('columns.reason'),
          cell: ({ getValue }) => <span className="break-words">{getValue()}</span>,
        }),
        column.accessor('started_at', {
          header: t('columns.started'),
          cell: ({ getValue }) => <Moment at={getValue()} as="time" />,
        }),
        column.display({
          id: 'ended',
          header: t('columns.ended'),
          cell: ({ row: { original } }) =>
            original.ended_at === null ? (
              <Badge tone="warning">{t('views.running')}</Badge>
            ) : (
              <Moment at={original.ended_at} as="time" />
            ),
        }),
      ]),
    [t],
  )
  return (
    <CursorTable
      label={t('tabs.views')}
      columns={columns}
      query={query}
      rowKey={({ id }) => id}
      after={after}
      onAfter={onAfter}
      empty={
        <State icon={EyeOff} title={t('views.empty')}>
          {t('views.emptyText')}
        </State>
      }
    />
  )
}
