import type { UseQueryResult } from '@tanstack/react-query'
import { ReceiptText } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { CountedPageOutPaymentRowOut, PaymentRowOut, PlanOut } from '@/api'
import { columnsOf } from '@/components/data-table/columns'
import { DataTable } from '@/components/data-table/data-table'
import { Moment } from '@/components/ui/moment'
import { State } from '@/components/ui/state'
import { cn } from '@/lib/cn'
import { useTenantPath } from '@/lib/tenancy'
import { useFormat } from '@/lib/use-format'
import { usePersonName } from '@/lib/use-person-name'
import type { ListUrl } from '../list-url'
import { isGiven } from '../given'
import { Delivery, Method, PaymentStatus } from './payment-badges'
import { PaymentsFilters } from './payments-filters'

interface PaymentsTableProps {
  query: UseQueryResult<CountedPageOutPaymentRowOut>
  url: ListUrl
  plans: PlanOut[]
}

const column = columnsOf<PaymentRowOut>()

export function PaymentsTable({ query, url, plans }: PaymentsTableProps) {
  const { t } = useTranslation('payments')
  const path = useTenantPath()
  const nameOf = usePersonName()
  const columns = useMemo(
    () =>
      column.columns([
        column.display({
          id: 'amount',
          header: t('columns.amount'),
          meta: { isTitle: true },
          cell: ({ row }) => <Amount payment={row.original} />,
        }),
        column.display({
          id: 'status',
          header: t('columns.status'),
          cell: ({ row }) => <PaymentStatus payment={row.original} />,
        }),
        column.display({
          id: 'payer',
          header: t('columns.payer'),
          cell: ({ row }) => <span className="block truncate sm:max-w-48">{nameOf(row.original.user)}</span>,
        }),
        column.accessor('plan_title', {
          header: t('columns.plan'),
          cell: ({ getValue }) => <span className="block truncate sm:max-w-40">{getValue()}</span>,
        }),
        column.accessor(({ method, provider }) => method ?? (provider === 'yookassa' ? '' : provider), {
          id: 'method',
          header: t('columns.method'),
          meta: { show: 'wide' },
          cell: ({ row }) => <Method payment={row.original} />,
        }),
        column.accessor(({ delivery_state: state }) => (state === 'not_paid' ? '' : state), {
          id: 'delivery',
          header: t('columns.delivery'),
          cell: ({ row }) => <Delivery payment={row.original} />,
        }),
        column.accessor('created_at', {
          header: t('columns.created'),
          meta: { align: 'end', sort: { ascending: 'oldest', descending: 'newest' } },
          cell: ({ getValue }) => <Moment at={getValue()} as="time" />,
        }),
      ]),
    [t, nameOf],
  )
  const { value, set, reset, isFiltered } = url
  return (
    <DataTable
      label={t('title')}
      columns={columns}
      query={query}
      rowKey={({ id }) => id}
      rowHref={({ id }) => path(`/payments/${id}`)}
      state={value}
      onChange={set}
      isFiltered={isFiltered}
      onReset={reset}
      toolbar={<PaymentsFilters url={url} plans={plans} />}
      empty={
        <State icon={ReceiptText} title={t('empty.title')}>
          {t('empty.text')}
        </State>
      }
    />
  )
}

function Amount({ payment }: { payment: PaymentRowOut }) {
  const { t } = useTranslation('payments')
  const format = useFormat()
  const { amount, list_price, credit, status } = payment
  if (isGiven(payment)) return <span className="font-medium text-muted-foreground">{t('noMoney')}</span>
  return (
    <span className="whitespace-nowrap tabular-nums">
      <span className={cn('font-medium', status === 'canceled' && 'text-muted-foreground line-through')}>
        {format.money(amount)}
      </span>
      {list_price.amount_minor > amount.amount_minor + credit.amount_minor && (
        <s className="ml-1.5 text-xs font-normal text-muted-foreground">{format.money(list_price)}</s>
      )}
    </span>
  )
}
