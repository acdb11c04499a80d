import type { UseQueryResult } from '@tanstack/react-query'
import { History } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { ControlPlaneAuthSchemasEventOut as EventOut, PageOutEventOut } from '@/api'
import { columnsOf } from '@/components/data-table/columns'
import { DataTable, type ListState } from '@/components/data-table/data-table'
import { Moment } from '@/components/ui/moment'
import { State } from '@/components/ui/state'

interface EventsTableProps {
  query: UseQueryResult<PageOutEventOut>
  state: ListState
  onChange: (changes: Partial<ListState>) => void
}

const column = columnsOf<EventOut>()

export function EventsTable({ query, state, onChange }: EventsTableProps) {
  const { t, i18n } = useTranslation('account')
  const columns = useMemo(
    () =>
      column.columns([
        column.accessor('action', {
          header: t('events.action'),
          meta: { isTitle: true },
          cell: ({ getValue }) => {
            const key = `actions.${getValue()}`
            return i18n.exists(`account:${key}`) ? t(key as 'actions.account.made') : getValue()
          },
        }),
        column.accessor('address', {
          header: t('events.address'),
          cell: ({ getValue }) =>
            getValue() ? (
              <span className="font-mono text-xs">{getValue()}</span>
            ) : (
              <span className="text-muted-foreground">—</span>
            ),
        }),
        column.accessor('created_at', {
          header: t('events.time'),
          meta: { align: 'end' },
          cell: ({ getValue }) => <Moment at={getValue()} as="time" />,
        }),
      ]),
    [i18n, t],
  )
  return (
    <DataTable
      label={t('events.title')}
      columns={columns}
      query={query}
      rowKey={({ id }) => id}
      state={state}
      onChange={onChange}
      empty={
        <State icon={History} title={t('events.empty')}>
          {t('events.emptyText')}
        </State>
      }
    />
  )
}
