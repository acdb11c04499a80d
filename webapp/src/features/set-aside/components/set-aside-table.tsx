import { CircleCheck } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Columns } from '@/components/data-table/columns'
import { DataTable, type Paged } from '@/components/data-table/data-table'
import { State } from '@/components/ui/state'

interface SetAsideTableProps<Row extends object> extends Paged<Row> {
  of: 'updates' | 'notices' | 'jobs'
  columns: Columns<Row>
  rowKey: (row: Row) => string
  toolbar?: ReactNode
}

/** One of the lists of what waits for a human; that nothing does is good news. */
export function SetAsideTable<Row extends object>({ of, ...list }: SetAsideTableProps<Row>) {
  const { t } = useTranslation('set-aside')
  return (
    <DataTable
      label={t(`tabs.${of}`)}
      empty={
        <State icon={CircleCheck} title={t('empty.title')}>
          {t(`empty.${of}`)}
        </State>
      }
      {...list}
    />
  )
}
