import type { UseQueryResult } from '@tanstack/react-query'
import { Ticket } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { CountedPageOutPromoCodeUseOut, PromoCodeUseOut } from '@/api'
import { columnsOf } from '@/components/data-table/columns'
import { DataTable, type ListState } from '@/components/data-table/data-table'
import { Badge } from '@/components/ui/badge'
import { Moment } from '@/components/ui/moment'
import { State } from '@/components/ui/state'
import { useTenantPath } from '@/lib/tenancy'
import { useFormat } from '@/lib/use-format'

interface UsesTableProps {
  query: UseQueryResult<CountedPageOutPromoCodeUseOut>
  state: ListState
  onChange: (changes: Partial<ListState>) => void
}

const column = columnsOf<PromoCodeUseOut>()
const TONES = { reserved: 'info', used: 'success', released: 'neutral' } as const

export function UsesTable({ query, state, onChange }: UsesTableProps) {
  const { t } = useTranslation('promo-codes')
  const path = useTenantPath()
  const columns = useMemo(
    () =>
      column.columns([
        column.accessor('first_name', {
          header: t('uses.who'),
          meta: { isTitle: true },
          cell: ({ row: { original } }) =>
            original.first_name || (original.username !== null ? `@${original.username}` : '—'),
        }),
        column.accessor('status', {
          header: t('uses.status'),
          cell: ({ getValue }) => <Badge tone={TONES[getValue()]}>{t(`uses.${getValue()}`)}</Badge>,
        }),
        column.display({
          id: 'gave',
          header: t('uses.gave'),
          cell: ({ row }) => <Gave use={row.original} />,
        }),
        column.accessor('created_at', {
          header: t('uses.at'),
          meta: { align: 'end' },
          cell: ({ getValue }) => <Moment at={getValue()} as="time" />,
        }),
      ]),
    [t],
  )
  return (
    <DataTable
      label={t('uses.title')}
      columns={columns}
      query={query}
      rowKey={({ payment_id }) => payment_id}
      rowHref={({ payment_id }) => path(`/payments/${payment_id}`)}
      state={state}
      onChange={onChange}
      empty={
        <State icon={Ticket} title={t('uses.emptyTitle')}>
          {t('uses.emptyText')}
        </State>
      }
    />
  )
}

function Gave({ use: { discount, extra_days } }: { use: PromoCodeUseOut }) {
  const { t } = useTranslation('promo-codes')
  const format = useFormat()
  if (extra_days > 0) return <>{t('extraDays', { count: extra_days })}</>
  return <span className="tabular-nums">−{format.money(discount)}</span>
}
