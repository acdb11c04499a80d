import type { UseQueryResult } from '@tanstack/react-query'
import { Megaphone } from 'lucide-react'
import { type ReactNode, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { BroadcastOut, PageOutBroadcastOut } from '@/api'
import { columnsOf } from '@/components/data-table/columns'
import { DataTable } from '@/components/data-table/data-table'
import { FilterSelect, FiltersBar } from '@/components/data-table/filters-bar'
import { Moment } from '@/components/ui/moment'
import { Progress } from '@/components/ui/progress'
import { State } from '@/components/ui/state'
import { useTenantPath } from '@/lib/tenancy'
import { useFormat } from '@/lib/use-format'
import type { ListUrl } from '../list-url'
import { STATUSES, doneOf } from '../run'
import { useOccasion } from '../use-occasion'
import { BroadcastStatus } from './broadcast-status'

interface BroadcastsTableProps {
  query: UseQueryResult<PageOutBroadcastOut>
  url: ListUrl
  /** The button that writes one, for the empty list. */
  create: ReactNode
}

const column = columnsOf<BroadcastOut>()

export function BroadcastsTable({ query, url, create }: BroadcastsTableProps) {
  const { t } = useTranslation('broadcasts')
  const path = useTenantPath()
  const { value, set, reset, isFiltered } = url
  const columns = useMemo(
    () =>
      column.columns([
        column.accessor('title', {
          header: t('columns.title'),
          meta: { isTitle: true },
          cell: ({ row }) => <Title found={row.original} />,
        }),
        column.display({
          id: 'status',
          header: t('columns.status'),
          cell: ({ row }) => <BroadcastStatus found={row.original} />,
        }),
        column.display({
          id: 'progress',
          header: t('columns.progress'),
          cell: ({ row }) => <Done found={row.original} />,
        }),
        column.display({
          id: 'when',
          header: t('columns.when'),
          cell: ({ row }) => <When found={row.original} />,
        }),
        column.accessor('category', {
          header: t('columns.category'),
          meta: { show: 'wide' },
          cell: ({ getValue }) => t(`categories.${getValue()}`),
        }),
      ]),
    [t],
  )
  return (
    <DataTable
      label={t('title')}
      columns={columns}
      query={query}
      rowKey={({ id }) => id}
      rowHref={({ id }) => path(`/broadcasts/${id}`)}
      state={value}
      onChange={set}
      isFiltered={isFiltered}
      onReset={reset}
      toolbar={
        <FiltersBar isFiltered={isFiltered} onReset={reset}>
          <FilterSelect
            label={t('columns.status')}
            value={value.status}
            choices={STATUSES.map((status) => ({
              value: status,
              label: t(status === 'running' ? 'status.runningOrOn' : `status.${status}`),
            }))}
            onChange={(status) => set({ status: STATUSES.find((one) => one === status) })}
          />
        </FiltersBar>
      }
      empty={
        <State icon={Megaphone} title={t('empty.title')} action={create}>
          {t('empty.text')}
        </State>
      }
    />
  )
}

/** What it is called, and under it how often it goes, or after what. */
function Title({ found }: { found: BroadcastOut }) {
  const occasion = useOccasion()(found)
  return (
    <>
      <span className="break-words">{found.title}</span>
      {occasion !== undefined && (
        <span className="block text-xs font-normal text-muted-foreground">{occasion}</span>
      )}
    </>
  )
}

function Done({ found }: { found: BroadcastOut }) {
  const { t } = useTranslation('broadcasts')
  const format = useFormat()
  const done = doneOf(found)
  if (done === null || found.total_count === null) return <span className="text-muted-foreground">—</span>
  if (found.trigger !== null && found.sent_count === 0)
    return <span className="text-muted-foreground">{t('run.nobodyYet')}</span>
  if (found.trigger !== null)
    return (
      <>
        <span className="block text-xs tabular-nums">{format.number(found.sent_count)}</span>
        {found.last_sent_at !== null && (
          <span className="block text-xs text-muted-foreground" title={format.exact(found.last_sent_at)}>
            {t('run.last', { at: format.relative(found.last_sent_at) })}
          </span>
        )}
      </>
    )
  const [shown, total] = [format.number(done), format.number(found.total_count)]
  return (
    <span className="block min-w-28 space-y-1">
      <span className="block text-xs tabular-nums">{t('run.doneOf', { done: shown, total })}</span>
      {(found.status === 'running' || found.status === 'paused') && (
        <Progress label={found.title} value={done} max={found.total_count} />
      )}
    </span>
  )
}

/** A moment to come, or that of the start; of a draft, when it was begun. */
function When({ found }: { found: BroadcastOut }) {
  const { t } = useTranslation('broadcasts')
  if (found.trigger !== null && found.started_at !== null)
    return (
      <span className="text-muted-foreground">
        {t('when.on')} <Moment at={found.started_at} />
      </span>
    )
  const at = found.scheduled_at ?? found.started_at
  if (at !== null) return <Moment at={at} as="time" />
  return (
    <span className="text-muted-foreground">
      {t('when.written')} <Moment at={found.created_at} />
    </span>
  )
}
