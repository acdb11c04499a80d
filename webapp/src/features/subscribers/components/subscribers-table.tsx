import type { UseQueryResult } from '@tanstack/react-query'
import { UsersRound } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { CountedPageOutUserRowOut, UserRowOut } from '@/api'
import { columnsOf } from '@/components/data-table/columns'
import { DataTable } from '@/components/data-table/data-table'
import { Badge } from '@/components/ui/badge'
import { Moment } from '@/components/ui/moment'
import { State } from '@/components/ui/state'
import { useTenantPath } from '@/lib/tenancy'
import { useFormat } from '@/lib/use-format'
import { usePersonName } from '@/lib/use-person-name'
import { useSourceNames } from '@/lib/use-source-names'
import type { ListUrl } from '../list-url'
import { AccessState } from './access-state'
import { ReachState } from './reach-state'
import { type FilterChoices, SubscribersFilters } from './subscribers-filters'

interface SubscribersTableProps extends FilterChoices {
  query: UseQueryResult<CountedPageOutUserRowOut>
  url: ListUrl
}

const column = columnsOf<UserRowOut>()

export function SubscribersTable({ query, url, ...choices }: SubscribersTableProps) {
  const { t } = useTranslation('subscribers')
  const path = useTenantPath()
  const { nameOf, hintOf } = useSourceNames()
  const columns = useMemo(
    () =>
      column.columns([
        column.display({
          id: 'name',
          header: t('columns.name'),
          meta: { isTitle: true, sort: { ascending: 'name', descending: 'name_descending' } },
          cell: ({ row }) => <Person user={row.original} />,
        }),
        column.display({
          id: 'state',
          header: t('columns.state'),
          cell: ({ row }) => <States user={row.original} />,
        }),
        column.accessor('subscriptions', {
          id: 'access',
          header: t('columns.access'),
          meta: { sort: { ascending: 'ends_soonest', descending: 'ends_latest' } },
          cell: ({ row }) => <Access user={row.original} />,
        }),
        column.accessor('tags', {
          header: t('columns.tags'),
          meta: { show: 'wide' },
          cell: ({ getValue }) => <Tags tags={getValue()} />,
        }),
        column.accessor('source', {
          header: t('columns.source'),
          meta: { show: 'wide' },
          cell: ({ getValue }) =>
            getValue() ? (
              <span className="block truncate sm:max-w-32" title={hintOf(getValue())}>
                {nameOf(getValue())}
              </span>
            ) : (
              <span className="text-muted-foreground">—</span>
            ),
        }),
        column.accessor('created_at', {
          header: t('columns.created'),
          meta: { align: 'end', sort: { ascending: 'oldest', descending: 'newest' } },
          cell: ({ getValue }) => <Moment at={getValue()} as="date" />,
        }),
      ]),
    [t, nameOf, hintOf],
  )
  const { value, set, reset, isFiltered } = url
  return (
    <DataTable
      label={t('title')}
      columns={columns}
      query={query}
      rowKey={({ id }) => id}
      rowHref={({ id }) => path(`/subscribers/${id}`)}
      state={value}
      onChange={set}
      // By the end of access the list has only those whose access ends.
      isFiltered={isFiltered || value.sort.startsWith('ends')}
      onReset={reset}
      toolbar={<SubscribersFilters url={url} {...choices} />}
      empty={
        <State icon={UsersRound} title={t('empty.title')}>
          {t('empty.text')}
        </State>
      }
    />
  )
}

function Person({ user }: { user: UserRowOut }) {
  const name = usePersonName()(user)
  return (
    <>
      <span className="block max-w-56 truncate">{name}</span>
      {user.username !== null && name !== `@${user.username}` && (
        <span className="block max-w-56 truncate text-xs font-normal text-muted-foreground">
          @{user.username}
        </span>
      )}
    </>
  )
}

function States({ user }: { user: UserRowOut }) {
  const { t } = useTranslation('subscribers')
  const hasAccess = user.subscriptions.some(({ status }) => status === 'active')
  return (
    <span className="inline-flex flex-wrap justify-end gap-1 sm:justify-start">
      <AccessState user={user} />
      {user.is_whitelisted && <Badge tone="info">{t('states.whitelisted')}</Badge>}
      <ReachState user={user} />
      {hasAccess && !user.is_inside && <Badge tone="warning">{t('states.notInside')}</Badge>}
    </span>
  )
}

function Access({ user: { subscriptions } }: { user: UserRowOut }) {
  const { t } = useTranslation('subscribers')
  const format = useFormat()
  const longest = subscriptions[0]
  if (!longest) return <span className="text-muted-foreground">—</span>
  const { ends_at } = longest
  return (
    <>
      <span className="block truncate sm:max-w-44">{longest.plan_title}</span>
      <span className="block text-xs text-muted-foreground">
        {ends_at === null
          ? t('access.forEver')
          : t(longest.status === 'active' ? 'access.until' : 'access.ended', { at: format.lastDay(ends_at) })}
        {subscriptions.length > 1 && ` · ${t('access.more', { count: subscriptions.length - 1 })}`}
      </span>
    </>
  )
}

const SHOWN = 3

function Tags({ tags }: { tags: string[] }) {
  if (!tags.length) return <span className="text-muted-foreground">—</span>
  return (
    <span className="inline-flex max-w-52 flex-wrap gap-1">
      {tags.slice(0, SHOWN).map((tag) => (
        <Badge key={tag}>{tag}</Badge>
      ))}
      {tags.length > SHOWN && <Badge>+{tags.length - SHOWN}</Badge>}
    </span>
  )
}
