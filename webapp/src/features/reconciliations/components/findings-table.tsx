import type { UseQueryResult } from '@tanstack/react-query'
import { CircleCheck } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import { type CountedPageOutFindingOut, type FindingOut, type SideOut, reconciliationsDismiss } from '@/api'
import { columnsOf } from '@/components/data-table/columns'
import { DataTable, type ListState } from '@/components/data-table/data-table'
import { Button } from '@/components/ui/button'
import { Moment } from '@/components/ui/moment'
import { State } from '@/components/ui/state'
import { useTenantAction } from '@/lib/requests'
import { useCan, useTenantPath } from '@/lib/tenancy'
import { useFormat } from '@/lib/use-format'

interface FindingsTableProps {
  query: UseQueryResult<CountedPageOutFindingOut>
  state: ListState
  onChange: (changes: Partial<ListState>) => void
  isOpenOnes: boolean
}

const column = columnsOf<FindingOut>()
const REASONS = ['amount', 'currency', 'shop', 'test_flag', 'metadata', 'payer'] as const
/** What is said of Stars in other words than of a shop's payments. */
const STAR_KINDS = ['paid_unnoticed', 'unknown_payment', 'mismatch', 'not_listed'] as const

export function FindingsTable({ query, state, onChange, isOpenOnes }: FindingsTableProps) {
  const { t } = useTranslation('reconciliations')
  const columns = useMemo(
    () =>
      column.columns([
        column.display({
          id: 'kind',
          header: t('columns.kind'),
          meta: { isTitle: true },
          cell: ({ row }) => <Kind finding={row.original} />,
        }),
        column.display({
          id: 'ours',
          header: t('columns.ours'),
          cell: ({ row }) => <Side side={row.original.ours} />,
        }),
        column.display({
          id: 'gateway',
          header: t('columns.gateway'),
          cell: ({ row }) => <Side side={row.original.gateway} />,
        }),
        column.display({
          id: 'found',
          header: t('columns.found'),
          cell: ({ row }) => <Moment at={row.original.found_at} />,
        }),
        column.display({
          id: 'actions',
          meta: { isActions: true },
          cell: ({ row }) => <Dismiss finding={row.original} />,
        }),
      ]),
    [t],
  )
  const name = isOpenOnes ? 'open' : 'repaired'
  return (
    <DataTable
      label={t(`show.${name}`)}
      columns={columns}
      query={query}
      rowKey={({ id }) => id}
      state={state}
      onChange={onChange}
      empty={
        <State icon={CircleCheck} title={t(`empty.${name}.title`)}>
          {t(`empty.${name}.text`)}
        </State>
      }
    />
  )
}

function Kind({ finding }: { finding: FindingOut }) {
  const { kind, provider, reason, payment_id, gateway_payment_id } = finding
  const { t } = useTranslation('reconciliations')
  const path = useTenantPath()
  const known = REASONS.find((name) => name === reason)
  const ofStars = provider === 'stars' ? STAR_KINDS.find((name) => name === kind) : undefined
  const text = ofStars === undefined ? t(`kinds.${kind}.text`) : t(`starKinds.${ofStars}`)
  return (
    <div className="sm:max-w-80">
      <p className="font-medium">{t(`kinds.${kind}.title`)}</p>
      <p className="text-xs font-normal text-pretty text-muted-foreground">
        {kind === 'mismatch' && known !== undefined ? t(`reasons.${known}`) : text}
      </p>
      <p className="mt-0.5 font-mono text-xs font-normal break-all text-muted-foreground">
        {payment_id === null ? (
          gateway_payment_id
        ) : (
          <Link className="underline" to={path(`/payments/${payment_id}`)}>
            {gateway_payment_id}
          </Link>
        )}
      </p>
    </div>
  )
}

const STATES = [
  'created',
  'pending',
  'waiting_for_capture',
  'succeeded',
  'refunded',
  'canceled',
  'quarantined',
] as const

function Side({ side }: { side: SideOut | null }) {
  const { t } = useTranslation('reconciliations')
  const format = useFormat()
  if (side === null) return <span className="text-muted-foreground">{t('nothing')}</span>
  const known = STATES.find((name) => name === side.status)
  return (
    <span>
      <span className="block tabular-nums">{format.money(side.amount)}</span>
      <span className="block text-xs text-muted-foreground">
        {known === undefined ? side.status : t(`states.${known}`)}
      </span>
    </span>
  )
}

function Dismiss({ finding }: { finding: FindingOut }) {
  const { t } = useTranslation('reconciliations')
  const can = useCan()
  const dismiss = useTenantAction(
    (path) => reconciliationsDismiss({ path: { ...path, finding_id: finding.id } }),
    { done: t('dismiss.done') },
  )
  if (finding.state !== 'open' || !can('reconciliations-dismiss')) return null
  return (
    <Button size="sm" isPending={dismiss.isPending} onClick={() => dismiss.mutate()}>
      {t('dismiss.submit')}
    </Button>
  )
}
