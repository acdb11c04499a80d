import { CircleCheck } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Columns } from '@/components/data-table/columns'
import { CursorTable, type Logged } from '@/components/data-table/cursor-table'
import { State } from '@/components/ui/state'

interface SetAsideTableProps<Row extends object> extends Logged<Row> {
  of: 'updates' | 'notices' | 'jobs'
  columns: Columns<Row>
  rowKey: (row: Row) => string
}

/** What waits for a human in any tenant. */
export function SetAsideTable<Row extends object>({ of, ...list }: SetAsideTableProps<Row>) {
  const { t } = useTranslation('staff')
  return (
    <CursorTable
      label={t(`setAside.${of}`)}
      empty={<State icon={CircleCheck} title={t('setAside.empty')} />}
      {...list}
    />
  )
}
