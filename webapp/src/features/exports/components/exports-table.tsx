import { Download, FileSpreadsheet } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { type ExportOut, exportsCancel } from '@/api'
import { columnsOf } from '@/components/data-table/columns'
import { DataTable, type Paged } from '@/components/data-table/data-table'
import { Button } from '@/components/ui/button'
import { Moment } from '@/components/ui/moment'
import { State } from '@/components/ui/state'
import { useTenantAction } from '@/lib/requests'
import { useCan, useTenant } from '@/lib/tenancy'
import { fileOf, isUnderWay, takingOf } from '../progress'
import { ExportProgress } from './export-progress'

const column = columnsOf<ExportOut>()

export function ExportsTable(list: Paged<ExportOut>) {
  const { t } = useTranslation('exports')
  const columns = useMemo(
    () =>
      column.columns([
        column.display({
          id: 'file',
          header: t('columns.file'),
          meta: { isTitle: true },
          cell: ({ row }) => <File found={row.original} />,
        }),
        column.display({
          id: 'progress',
          header: t('columns.progress'),
          cell: ({ row }) => <ExportProgress found={row.original} />,
        }),
        column.accessor('created_at', {
          header: t('columns.created'),
          cell: ({ getValue }) => <Moment at={getValue()} />,
        }),
        column.accessor('expires_at', {
          header: t('columns.expires'),
          meta: { show: 'wide' },
          cell: ({ getValue }) => <Moment at={getValue()} />,
        }),
        column.display({
          id: 'actions',
          meta: { isActions: true },
          cell: ({ row }) => <Actions found={row.original} />,
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
        <State icon={FileSpreadsheet} title={t('empty.title')}>
          {t('empty.text')}
        </State>
      }
      {...list}
    />
  )
}

function File({ found }: { found: ExportOut }) {
  const { t } = useTranslation('exports')
  return (
    <>
      <span className="block font-medium">{t(`kinds.${found.kind}`)}</span>
      <span className="block text-xs font-normal break-all text-muted-foreground">{found.file_name}</span>
    </>
  )
}

function Actions({ found }: { found: ExportOut }) {
  const { t } = useTranslation(['exports', 'common'])
  const can = useCan()
  const { id, impersonation } = useTenant()
  // Staff that looks at the project takes no archive of it.
  const isForThem = found.kind !== 'whole' || impersonation === null
  const cancel = useTenantAction((path) => exportsCancel({ path: { ...path, export_id: found.id } }), {
    done: t('canceled'),
  })
  if (found.status === 'done' && can(takingOf(found)) && isForThem)
    return (
      <Button asChild size="sm">
        <a
          href={fileOf(found, id)}
          download={found.file_name}
          aria-label={t('downloadFile', { file: found.file_name })}
        >
          <Download aria-hidden />
          {t('download')}
        </a>
      </Button>
    )
  if (isUnderWay(found) && can('exports-cancel'))
    return (
      <Button size="sm" isPending={cancel.isPending} onClick={() => cancel.mutate()}>
        {t('common:actions.cancel')}
      </Button>
    )
  return null
}
