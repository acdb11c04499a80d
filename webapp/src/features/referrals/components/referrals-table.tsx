import type { UseQueryResult } from '@tanstack/react-query'
import { Gift } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import type { CountedPageOutReferralOut, ReferralOut, ReferralPersonOut, ReferralState } from '@/api'
import { columnsOf } from '@/components/data-table/columns'
import { DataTable, type ListState } from '@/components/data-table/data-table'
import { FilterSelect, FiltersBar } from '@/components/data-table/filters-bar'
import { Badge, type Tone } from '@/components/ui/badge'
import { Moment } from '@/components/ui/moment'
import { State } from '@/components/ui/state'
import { useTenantPath } from '@/lib/tenancy'

const STATES: Record<ReferralState, Tone> = {
  invited: 'neutral',
  bought: 'info',
  rewarded: 'success',
  passed: 'neutral',
  taken_back: 'warning',
}
const NAMES = Object.keys(STATES) as ReferralState[]
const REASONS = ['cap', 'refunded', 'not_first', 'no_reward', 'used'] as const

interface ReferralsTableProps {
  query: UseQueryResult<CountedPageOutReferralOut>
  state: ListState
  onChange: (changes: Partial<ListState>) => void
  shown: ReferralState | undefined
  onShow: (shown: ReferralState | undefined) => void
}

const column = columnsOf<ReferralOut>()

export function ReferralsTable({ query, state, onChange, shown, onShow }: ReferralsTableProps) {
  const { t } = useTranslation('referrals')
  const columns = useMemo(
    () =>
      column.columns([
        column.accessor('invited', {
          header: t('columns.invited'),
          meta: { isTitle: true },
          cell: ({ getValue }) => <Person person={getValue()} />,
        }),
        column.accessor('inviter', {
          header: t('columns.inviter'),
          cell: ({ getValue }) => <Person person={getValue()} />,
        }),
        column.display({
          id: 'state',
          header: t('columns.state'),
          cell: ({ row }) => <Standing referral={row.original} />,
        }),
        column.display({
          id: 'reward',
          header: t('columns.reward'),
          cell: ({ row }) => <Reward referral={row.original} />,
        }),
        column.accessor('created_at', {
          header: t('columns.at'),
          meta: { align: 'end' },
          cell: ({ getValue }) => <Moment at={getValue()} as="date" />,
        }),
      ]),
    [t],
  )
  return (
    <DataTable
      label={t('list.title')}
      columns={columns}
      query={query}
      rowKey={({ invited }) => invited.id}
      state={state}
      onChange={onChange}
      isFiltered={shown !== undefined}
      onReset={() => onShow(undefined)}
      toolbar={
        <FiltersBar isFiltered={shown !== undefined} onReset={() => onShow(undefined)}>
          <FilterSelect
            label={t('filter')}
            value={shown}
            choices={NAMES.map((value) => ({
              value,
              label: t(`states.${value}`),
            }))}
            onChange={(chosen) => onShow(NAMES.find((name) => name === chosen))}
          />
        </FiltersBar>
      }
      empty={
        <State icon={Gift} title={t('empty.title')}>
          {t('empty.text')}
        </State>
      }
    />
  )
}

function Person({ person: { id, first_name, username } }: { person: ReferralPersonOut }) {
  const path = useTenantPath()
  return (
    <Link to={path(`/subscribers/${id}`)} className="hover:underline">
      {first_name || (username !== null ? `@${username}` : '–')}
    </Link>
  )
}

function Standing({ referral: { state, reason } }: { referral: ReferralOut }) {
  const { t } = useTranslation('referrals')
  const known = REASONS.find((name) => name === reason)
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2">
      <Badge tone={STATES[state]}>{t(`states.${state}`)}</Badge>
      {known !== undefined && <span className="text-xs text-muted-foreground">{t(`reasons.${known}`)}</span>}
    </span>
  )
}

function Reward({ referral }: { referral: ReferralOut }) {
  const { t } = useTranslation('referrals')
  const { state, reward_kind, reward_value, reward_code } = referral
  const isNothing = reward_kind === null || reward_value === null || state === 'passed'
  if (isNothing) return <span className="text-muted-foreground">–</span>
  return (
    <span>
      {reward_kind === 'days' ? t('days', { count: reward_value }) : t('percentOff', { value: reward_value })}
      {reward_code !== null && (
        <span className="block font-mono text-xs text-muted-foreground">{reward_code}</span>
      )}
    </span>
  )
}
