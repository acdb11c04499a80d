import { FileInput } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import type { ImportOut } from '@/api'
import { columnsOf } from '@/components/data-table/columns'
import { DataTable, type Paged } from '@/components/data-table/data-table'
import { Badge } from '@/components/ui/badge'
import { Moment } from '@/components/ui/moment'
import { State } from '@/components/ui/state'
import { useTenantPath } from '@/lib/tenancy'
import { TONES } from '../outcomes'

const column = columnsOf<ImportOut>()

export function ImportsTable(list: Paged<ImportOut>) {
  const { t } = useTranslation('imports')
  const path = useTenantPath()
  const columns = useMemo(
    () =>
      column.columns([
        column.display({
          id: 'file',
          header: t('columns.file'),
          meta: { isTitle: true },
          cell: ({ row: { original } }) => (
            <Link to={path(`/subscribers/import/${original.id}`)} className="font-medium hover:underline">
              {original.file_name === '' ? t('unnamed') : original.file_name}
            </Link>
          ),
        }),
        column.display({
          id: 'status',
          header: t('columns.status'),
          cell: ({ row: { original } }) => (
            <Badge tone={TONES[original.status]}>{t(`status.${original.status}`)}</Badge>
          ),
        }),
        column.accessor('plan_title', { header: t('columns.plan') }),
        column.accessor('lines', { header: t('columns.lines') }),
        column.accessor('created_at', {
          header: t('columns.created'),
          cell: ({ getValue }) => <Moment at={getValue()} />,
        }),
      ]),
    [t, path],
  )
  return (
    <DataTable
      label={t('list')}
      columns={columns}
      rowKey={({ id }) => id}
      empty={
        <State icon={FileInput} title={t('empty.title')}>
          {t('empty.text')}
        </State>
      }
      {...list}
    />
  )
}
