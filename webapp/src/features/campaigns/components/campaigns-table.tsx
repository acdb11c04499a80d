import type { UseQueryResult } from '@tanstack/react-query'
import { Link2 } from 'lucide-react'
import { createContext, type ReactNode, useContext, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { CampaignOut, CampaignsOut, MoneyOut, PlanOut, PromoCodeOut } from '@/api'
import { columnsOf } from '@/components/data-table/columns'
import { DataTable, type ListState } from '@/components/data-table/data-table'
import { FilterSelect, FiltersBar } from '@/components/data-table/filters-bar'
import { State } from '@/components/ui/state'
import { Hint } from '@/components/ui/tooltip'
import { useFormat } from '@/lib/use-format'
import { CampaignMenu } from './campaign-menu'
import { CampaignName } from './campaign-name'

interface Shown extends ListState {
  show: 'active' | 'archived'
}

interface CampaignsTableProps {
  query: UseQueryResult<CampaignsOut>
  state: Shown
  onChange: (changes: Partial<Shown>) => void
  plans: PlanOut[]
  codes: PromoCodeOut[]
  /** The button that makes a link, for the empty list. */
  create: ReactNode
}

const column = columnsOf<CampaignOut>()

/** What links lead to. Beside the columns: made anew when these come, they would close a menu that is open. */
const Targets = createContext<{ plans: PlanOut[]; codes: PromoCodeOut[] }>({ plans: [], codes: [] })

export function CampaignsTable({ query, state, onChange, plans, codes, create }: CampaignsTableProps) {
  const { t } = useTranslation('campaigns')
  const columns = useMemo(
    () =>
      column.columns([
        column.display({
          id: 'name',
          header: t('columns.name'),
          meta: { isTitle: true },
          cell: ({ row }) => <Name campaign={row.original} />,
        }),
        column.accessor('starts', {
          header: () => <Head name="starts" />,
          meta: { align: 'end' },
          cell: ({ getValue }) => <Count value={getValue()} />,
        }),
        column.accessor('buyers', {
          header: () => <Head name="buyers" />,
          meta: { align: 'end' },
          cell: ({ getValue, row }) => <Count value={getValue()} of={row.original.starts} />,
        }),
        column.accessor('revenue', {
          header: () => <Head name="revenue" />,
          meta: { align: 'end' },
          cell: ({ getValue }) => <Sums sums={getValue()} />,
        }),
        column.accessor('last_touch_revenue', {
          header: () => <Head name="lastTouch" />,
          meta: { align: 'end', show: 'wide' },
          cell: ({ getValue, row }) => <Sums sums={getValue()} orders={row.original.last_touch_orders} />,
        }),
        column.display({
          id: 'actions',
          meta: { isActions: true },
          cell: ({ row }) => <CampaignMenu campaign={row.original} />,
        }),
      ]),
    [t],
  )
  const targets = useMemo(() => ({ plans, codes }), [plans, codes])
  const isArchive = state.show === 'archived'
  return (
    <Targets.Provider value={targets}>
      <DataTable
        label={t('tabs.links')}
        columns={columns}
        query={query}
        rowKey={({ id }) => id}
        state={state}
        onChange={onChange}
        toolbar={
          <FiltersBar isFiltered={isArchive} onReset={() => onChange({ show: 'active' })}>
            <FilterSelect
              label={t('show.active')}
              value={isArchive ? 'archived' : undefined}
              choices={[{ value: 'archived', label: t('show.archived') }]}
              onChange={(chosen) => onChange({ show: chosen === 'archived' ? 'archived' : 'active' })}
            />
          </FiltersBar>
        }
        empty={
          <State
            icon={Link2}
            title={t(isArchive ? 'empty.archivedTitle' : 'empty.title')}
            action={isArchive ? undefined : create}
          >
            {t(isArchive ? 'empty.archivedText' : 'empty.text')}
          </State>
        }
      />
    </Targets.Provider>
  )
}

function Name({ campaign }: { campaign: CampaignOut }) {
  return <CampaignName campaign={campaign} {...useContext(Targets)} />
}

function Head({ name }: { name: 'starts' | 'buyers' | 'revenue' | 'lastTouch' }) {
  const { t } = useTranslation('campaigns')
  return (
    <span className="inline-flex items-center gap-1">
      {t(`columns.${name}`)}
      <Hint text={t(`hints.${name}`)} label={`${t(`columns.${name}`)}: ${t(`hints.${name}`)}`} />
    </span>
  )
}

function Count({ value, of = 0 }: { value: number; of?: number }) {
  const format = useFormat()
  return (
    <span className="tabular-nums">
      {format.number(value)}
      {of > 0 && <span className="block text-xs text-muted-foreground">{format.percent(value / of)}</span>}
    </span>
  )
}

function Sums({ sums, orders }: { sums: MoneyOut[]; orders?: number }) {
  const { t } = useTranslation('campaigns')
  const format = useFormat()
  if (sums.length === 0) return <span className="text-muted-foreground">–</span>
  return (
    <span className="tabular-nums">
      {sums.map((sum) => (
        <span key={sum.currency} className="block">
          {format.money(sum)}
        </span>
      ))}
      {orders !== undefined && (
        <span className="block text-xs text-muted-foreground">{t('orders', { count: orders })}</span>
      )}
    </span>
  )
}
