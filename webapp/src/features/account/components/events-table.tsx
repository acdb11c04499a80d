import { History } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { ControlPlaneAuthSchemasEventOut as EventOut } from '@/api'
import { columnsOf } from '@/components/data-table/columns'
import { DataTable, type Paged } from '@/components/data-table/data-table'
import { Moment } from '@/components/ui/moment'
import { State } from '@/components/ui/state'

const column = columnsOf<EventOut>()

export function EventsTable(list: Paged<EventOut>) {
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
      rowKey={({ id }) => id}
      empty={
        <State icon={History} title={t('events.empty')}>
          {t('events.emptyText')}
        </State>
      }
      {...list}
    />
  )
}
