import type { UseQueryResult } from '@tanstack/react-query'
import { UsersRound } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { CountedPageOutUserRowOut, PlanOut, UserRowOut } from '@/api'
import { columnsOf } from '@/components/data-table/columns'
import { DataTable } from '@/components/data-table/data-table'
import { FilterSelect, FiltersBar } from '@/components/data-table/filters-bar'
import { Badge } from '@/components/ui/badge'
import { Moment } from '@/components/ui/moment'
import { State } from '@/components/ui/state'
import type { ListUrl } from '../list-url'
import { nameOf } from '../names'

interface SubscribersTableProps {
  query: UseQueryResult<CountedPageOutUserRowOut>
  url: ListUrl
  plans: PlanOut[]
}

const STATES = ['active', 'expired', 'never'] as const
const column = columnsOf<UserRowOut>()

export function SubscribersTable({ query, url, plans }: SubscribersTableProps) {
  const { t } = useTranslation('subscribers')
  const columns = useMemo(
    () =>
      column.columns([
        column.display({
          id: 'name',
          header: t('columns.name'),
          meta: { isTitle: true, sort: { ascending: 'name', descending: 'name_descending' } },
          cell: ({ row }) => <Person user={row.original} />,
        }),
        column.accessor('telegram_id', {
          header: t('columns.telegramId'),
          meta: { show: 'wide' },
          cell: ({ getValue }) => <span className="font-mono text-xs">{getValue()}</span>,
        }),
        column.display({
          id: 'state',
          header: t('columns.state'),
          cell: ({ row }) => <UserState user={row.original} />,
        }),
        column.accessor('source', {
          header: t('columns.source'),
          meta: { show: 'wide' },
          cell: ({ getValue }) => getValue() || <span className="text-muted-foreground">—</span>,
        }),
        column.accessor('last_seen_at', {
          header: t('columns.lastSeen'),
          cell: ({ getValue }) => <Moment at={getValue()} />,
        }),
        column.accessor('created_at', {
          header: t('columns.created'),
          meta: { align: 'end', sort: { ascending: 'oldest', descending: 'newest' } },
          cell: ({ getValue }) => <Moment at={getValue()} as="date" />,
        }),
      ]),
    [t],
  )
  const { value, set, reset, isFiltered } = url
  return (
    <DataTable
      label={t('title')}
      columns={columns}
      query={query}
      rowKey={({ id }) => id}
      state={value}
      onChange={set}
      isFiltered={isFiltered}
      onReset={reset}
      toolbar={
        <FiltersBar
          search={{
            value: value.search,
            placeholder: t('search'),
            onChange: (search) => set({ search }, { replace: true }),
          }}
          isFiltered={isFiltered}
          onReset={reset}
        >
          <FilterSelect
            label={t('filters.subscription')}
            value={value.state}
            choices={STATES.map((state) => ({ value: state, label: t(`subscription.${state}`) }))}
            onChange={(state) => set({ state: STATES.find((known) => known === state) })}
          />
          {plans.length > 0 && (
            <FilterSelect
              label={t('filters.plan')}
              value={value.plan}
              choices={plans.map(({ id, title }) => ({ value: id, label: title }))}
              onChange={(plan) => set({ plan })}
            />
          )}
          <FilterSelect
            label={t('filters.blocked')}
            value={value.blocked === undefined ? undefined : value.blocked ? 'yes' : 'no'}
            choices={[
              { value: 'yes', label: t('filters.blockedYes') },
              { value: 'no', label: t('filters.blockedNo') },
            ]}
            onChange={(chosen) => set({ blocked: chosen === undefined ? undefined : chosen === 'yes' })}
          />
        </FiltersBar>
      }
      empty={
        <State icon={UsersRound} title={t('empty.title')}>
          {t('empty.text')}
        </State>
      }
    />
  )
}

function Person({ user }: { user: UserRowOut }) {
  return (
    <>
      <span className="block truncate">{nameOf(user)}</span>
      {user.username !== null && (
        <span className="block truncate text-xs font-normal text-muted-foreground">@{user.username}</span>
      )}
    </>
  )
}

function UserState({ user }: { user: UserRowOut }) {
  const { t } = useTranslation('subscribers')
  if (user.blocked_bot_at !== null) return <Badge tone="warning">{t('states.blocked')}</Badge>
  if (user.is_whitelisted) return <Badge tone="info">{t('states.whitelisted')}</Badge>
  return <Badge tone="success">{t('states.reachable')}</Badge>
}
