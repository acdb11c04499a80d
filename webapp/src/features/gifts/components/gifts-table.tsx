import { Gift } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import type { GiftOut } from '@/api'
import { columnsOf } from '@/components/data-table/columns'
import { DataTable, type Paged } from '@/components/data-table/data-table'
import { State } from '@/components/ui/state'
import { useTenantPath } from '@/lib/tenancy'
import { useFormat } from '@/lib/use-format'
import { GiftActions } from './gift-actions'
import { GiftState } from './gift-state'
import { PersonLink } from './person-link'
import { Receiver } from './receiver'

const column = columnsOf<GiftOut>()

export function GiftsTable(list: Paged<GiftOut>) {
  const { t } = useTranslation('gifts')
  const columns = useMemo(
    () =>
      column.columns([
        column.display({
          id: 'plan',
          header: t('columns.plan'),
          meta: { isTitle: true },
          cell: ({ row }) => <Order gift={row.original} />,
        }),
        column.display({
          id: 'giver',
          header: t('columns.giver'),
          cell: ({ row }) => <PersonLink person={row.original.giver} />,
        }),
        column.display({
          id: 'receiver',
          header: t('columns.receiver'),
          cell: ({ row }) => <Receiver gift={row.original} />,
        }),
        column.display({
          id: 'status',
          header: t('columns.status'),
          cell: ({ row }) => <GiftState gift={row.original} />,
        }),
        column.display({
          id: 'actions',
          meta: { isActions: true },
          cell: ({ row }) => <GiftActions gift={row.original} isMenu />,
        }),
      ]),
    [t],
  )
  return (
    <DataTable
      label={t('title')}
      columns={columns}
      rowKey={({ id }) => id}
      empty={
        <State icon={Gift} title={t('empty.title')}>
          {t('empty.text')}
        </State>
      }
      {...list}
    />
  )
}

function Order({ gift }: { gift: GiftOut }) {
  const path = useTenantPath()
  const format = useFormat()
  return (
    <Link className="font-medium hover:underline" to={path(`/payments/${gift.payment_id}`)}>
      {gift.plan_title}
      <span className="block text-xs font-normal text-muted-foreground tabular-nums">
        {format.money(gift.amount)} · {format.dateTime(gift.created_at)}
      </span>
    </Link>
  )
}
