import type { UseQueryResult } from '@tanstack/react-query'
import { Info, ScrollText } from 'lucide-react'
import { type ReactNode, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ControlPlaneAuditSchemasEventOut as EventOut } from '@/api'
import { columnsOf } from '@/components/data-table/columns'
import { type CursorPage, CursorTable } from '@/components/data-table/cursor-table'
import { Button } from '@/components/ui/button'
import { Moment } from '@/components/ui/moment'
import { Sheet } from '@/components/ui/sheet'
import { State } from '@/components/ui/state'
import { useActionWords } from '../use-action-words'
import { Actor } from './actor'
import { EventDetails } from './event-details'
import { EventsFilters, type FiltersState } from './events-filters'

interface EventsLogProps<Row extends EventOut> {
  query: UseQueryResult<CursorPage<Row>>
  filters: FiltersState
  people?: readonly { id: string; name: string }[]
  /** A column more: of which tenant. */
  tenant?: (row: Row) => ReactNode
}

/** What was done and by whom, newest first; each with its details beside it. */
export function EventsLog<Row extends EventOut>({ query, filters, people, tenant }: EventsLogProps<Row>) {
  const { t } = useTranslation('audit')
  const words = useActionWords()
  const [shown, setShown] = useState<Row>()
  const column = useMemo(() => columnsOf<Row>(), [])
  const columns = column.columns([
    column.display({
      id: 'action',
      header: t('columns.action'),
      meta: { isTitle: true },
      cell: ({ row }) => words(row.original.action),
    }),
    column.display({
      id: 'actor',
      header: t('columns.actor'),
      cell: ({ row }) => <Actor actor={row.original.actor} />,
    }),
    ...(tenant
      ? [
          column.display({
            id: 'tenant',
            header: t('columns.tenant'),
            cell: ({ row }) => tenant(row.original),
          }),
        ]
      : []),
    column.display({
      id: 'time',
      header: t('columns.time'),
      cell: ({ row }) => <Moment at={row.original.created_at} as="time" />,
    }),
    column.display({
      id: 'details',
      header: () => <span className="sr-only">{t('details.title')}</span>,
      meta: { isActions: true, align: 'end' },
      cell: ({ row }) => (
        <Button
          variant="ghost"
          size="icon"
          aria-label={t('details.open', { action: words(row.original.action) })}
          onClick={() => setShown(row.original)}
        >
          <Info aria-hidden />
        </Button>
      ),
    }),
  ])
  const { value, set, reset, isFiltered } = filters
  return (
    <>
      <CursorTable
        label={t('title')}
        columns={columns}
        query={query}
        rowKey={({ id }) => id}
        after={value.after}
        onAfter={(after) => set({ after })}
        isFiltered={isFiltered}
        onReset={reset}
        toolbar={<EventsFilters {...filters} {...(people && { people })} />}
        empty={
          <State icon={ScrollText} title={t('empty')}>
            {t('emptyText')}
          </State>
        }
      />
      <Sheet
        isOpen={shown !== undefined}
        onOpenChange={() => setShown(undefined)}
        title={shown ? words(shown.action) : ''}
      >
        {shown && (
          <EventDetails
            event={shown}
            onSubject={(subject) => {
              setShown(undefined)
              set({ subject })
            }}
          />
        )}
      </Sheet>
    </>
  )
}
