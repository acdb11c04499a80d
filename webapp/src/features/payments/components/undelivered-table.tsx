import type { UseQueryResult } from '@tanstack/react-query'
import { PartyPopper } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import type { CountedPageOutUndeliveredOut, UndeliveredOut } from '@/api'
import { columnsOf } from '@/components/data-table/columns'
import { DataTable, type ListState } from '@/components/data-table/data-table'
import { Moment } from '@/components/ui/moment'
import { State } from '@/components/ui/state'
import { useTenantPath } from '@/lib/tenancy'
import { useFormat } from '@/lib/use-format'
import { usePersonName } from '@/lib/use-person-name'
import { Remedy } from './remedy'

interface UndeliveredTableProps {
  query: UseQueryResult<CountedPageOutUndeliveredOut>
  state: ListState
  onChange: (changes: Partial<ListState>) => void
}

const column = columnsOf<UndeliveredOut>()

export function UndeliveredTable({ query, state, onChange }: UndeliveredTableProps) {
  const { t } = useTranslation('payments')
  const columns = useMemo(
    () =>
      column.columns([
        column.display({
          id: 'payer',
          header: t('columns.payer'),
          meta: { isTitle: true },
          cell: ({ row }) => <Payer row={row.original} />,
        }),
        column.display({
          id: 'reason',
          header: t('undelivered.reason'),
          cell: ({ row }) => <Reason row={row.original} />,
        }),
        column.display({
          id: 'order',
          header: t('undelivered.order'),
          cell: ({ row }) => <Order row={row.original} />,
        }),
        column.display({
          id: 'age',
          header: t('undelivered.age'),
          cell: ({ row: { original } }) => (
            <Moment at={original.payment.settled_at ?? original.payment.created_at} />
          ),
        }),
        column.display({
          id: 'actions',
          meta: { isActions: true },
          cell: ({ row }) => <Remedy row={row.original} />,
        }),
      ]),
    [t],
  )
  return (
    <DataTable
      label={t('undelivered.title')}
      columns={columns}
      query={query}
      rowKey={({ payment }) => payment.id}
      state={state}
      onChange={onChange}
      empty={
        <State icon={PartyPopper} title={t('undelivered.empty.title')}>
          {t('undelivered.empty.text')}
        </State>
      }
    />
  )
}

function Payer({ row: { payment } }: { row: UndeliveredOut }) {
  const path = useTenantPath()
  const nameOf = usePersonName()
  return (
    <Link className="font-medium hover:underline" to={path(`/subscribers/${payment.user.id}`)}>
      {nameOf(payment.user)}
      {payment.user.username !== null && (
        <span className="block text-xs font-normal text-muted-foreground">@{payment.user.username}</span>
      )}
    </Link>
  )
}

function Reason({ row: { reason, places } }: { row: UndeliveredOut }) {
  const { t } = useTranslation('payments')
  return (
    <div className="sm:max-w-72">
      <p className="font-medium">{t(`undelivered.reasons.${reason}.title`)}</p>
      <p className="text-xs text-pretty text-muted-foreground">{t(`undelivered.reasons.${reason}.text`)}</p>
      {places.length > 0 && (
        <p className="mt-0.5 text-xs text-muted-foreground">
          {places.map(({ channel_title }) => channel_title).join(', ')}
        </p>
      )}
    </div>
  )
}

function Order({ row: { payment } }: { row: UndeliveredOut }) {
  const format = useFormat()
  const path = useTenantPath()
  return (
    <Link className="group" to={path(`/payments/${payment.id}`)}>
      <span className="block tabular-nums group-hover:underline">{format.money(payment.amount)}</span>
      <span className="block text-xs text-muted-foreground">{payment.plan_title}</span>
    </Link>
  )
}
