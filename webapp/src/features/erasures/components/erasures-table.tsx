import { ShieldCheck } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import type { ErasureRowOut } from '@/api'
import { columnsOf } from '@/components/data-table/columns'
import { DataTable, type Paged } from '@/components/data-table/data-table'
import { FilterSelect, FiltersBar } from '@/components/data-table/filters-bar'
import { State } from '@/components/ui/state'
import { useTenantPath } from '@/lib/tenancy'
import { usePersonName } from '@/lib/use-person-name'
import { ASKED_BY, type ListUrl, STATES } from '../list-url'
import { AskedBy } from './asked-by'
import { ErasureState } from './erasure-state'

interface ErasuresTableProps {
  query: Paged<ErasureRowOut>['query']
  url: ListUrl
}

const column = columnsOf<ErasureRowOut>()

export function ErasuresTable({ query, url }: ErasuresTableProps) {
  const { t } = useTranslation('erasures')
  const columns = useMemo(
    () =>
      column.columns([
        column.display({
          id: 'person',
          header: t('columns.person'),
          meta: { isTitle: true },
          cell: ({ row: { original } }) => <Person erasure={original} />,
        }),
        column.display({
          id: 'asked',
          header: t('columns.asked'),
          cell: ({ row }) => <AskedBy erasure={row.original} />,
        }),
        column.display({
          id: 'state',
          header: t('columns.state'),
          cell: ({ row }) => <ErasureState erasure={row.original} />,
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
      state={url.value}
      onChange={url.set}
      isFiltered={url.isFiltered}
      onReset={url.reset}
      toolbar={<Filters {...url} />}
      empty={
        <State icon={ShieldCheck} title={t('empty.title')}>
          {t('empty.text')}
        </State>
      }
    />
  )
}

function Filters({ value, set, reset, isFiltered }: ListUrl) {
  const { t } = useTranslation('erasures')
  return (
    <FiltersBar isFiltered={isFiltered} onReset={reset}>
      <FilterSelect
        label={t('columns.state')}
        value={value.state}
        choices={STATES.map((name) => ({ value: name, label: t(`states.${name}`) }))}
        onChange={(state) => set({ state: STATES.find((name) => name === state), page: 1 })}
      />
      <FilterSelect
        label={t('columns.asked')}
        value={value.asked}
        choices={ASKED_BY.map((name) => ({ value: name, label: t(`askedBy.${name}`) }))}
        onChange={(asked) => set({ asked: ASKED_BY.find((name) => name === asked), page: 1 })}
      />
    </FiltersBar>
  )
}

function Person({ erasure: { user_id, person } }: { erasure: ErasureRowOut }) {
  const { t } = useTranslation()
  const path = useTenantPath()
  const nameOf = usePersonName()
  return (
    <Link className="font-medium hover:underline" to={path(`/subscribers/${user_id}`)}>
      {person === null ? t('erasedSubscriber') : nameOf(person)}
    </Link>
  )
}
