import { UsersRound } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import type { ImportRowOut, ReadColumnOut } from '@/api'
import { columnsOf } from '@/components/data-table/columns'
import { DataTable, type Paged } from '@/components/data-table/data-table'
import { Badge } from '@/components/ui/badge'
import { CopyButton } from '@/components/ui/copy-button'
import { Moment } from '@/components/ui/moment'
import { State } from '@/components/ui/state'
import { useTenantPath } from '@/lib/tenancy'
import { OUTCOME_TONES } from '../outcomes'

const column = columnsOf<ImportRowOut>()

interface ImportRowsTableProps extends Paged<ImportRowOut> {
  /** Of the file: a problem says in which of them it stands. */
  read: ReadColumnOut[]
  /** Nothing is given yet: each line says what it is going to give. */
  isForecast: boolean
}

export function ImportRowsTable({ read, isForecast, ...list }: ImportRowsTableProps) {
  const { t } = useTranslation('imports')
  const columns = useMemo(
    () =>
      column.columns([
        column.display({
          id: 'person',
          header: t('rows.person'),
          meta: { isTitle: true },
          cell: ({ row }) => <Person row={row.original} />,
        }),
        column.accessor('line', { header: t('rows.line') }),
        column.accessor('until_at', {
          header: t('rows.until'),
          cell: ({ getValue }) => <Moment at={getValue()} as="lastDay" fallback="–" />,
        }),
        ...(isForecast
          ? [
              column.accessor('ends_at', {
                header: t('rows.ends'),
                cell: ({ getValue }) => <Moment at={getValue()} as="lastDay" fallback="–" />,
              }),
            ]
          : []),
        column.display({
          id: 'outcome',
          header: t('rows.outcome'),
          cell: ({ row }) => <Outcome row={row.original} read={read} />,
        }),
        column.display({
          id: 'link',
          meta: { isActions: true },
          cell: ({ row: { original } }) =>
            original.claim_url !== null && (
              <CopyButton
                value={original.claim_url}
                label={t('rows.copy', { person: nameOf(original) ?? '' })}
              />
            ),
        }),
      ]),
    [t, read, isForecast],
  )
  return (
    <DataTable
      label={t('rows.title')}
      columns={columns}
      rowKey={({ line }) => String(line)}
      empty={<State icon={UsersRound} title={t('rows.none')} />}
      {...list}
    />
  )
}

function nameOf({ name, username, telegram_id }: ImportRowOut): string | undefined {
  if (name !== '') return name
  if (username !== null) return `@${username}`
  return telegram_id === null ? undefined : String(telegram_id)
}

function Person({ row }: { row: ImportRowOut }) {
  const { t } = useTranslation('imports')
  const path = useTenantPath()
  const ids = [row.username !== null && `@${row.username}`, row.telegram_id].filter(Boolean).join(' · ')
  return (
    <>
      {row.user_id === null ? (
        <span className="block font-medium">{nameOf(row) ?? t('rows.nobody')}</span>
      ) : (
        <Link to={path(`/subscribers/${row.user_id}`)} className="block font-medium hover:underline">
          {nameOf(row)}
        </Link>
      )}
      <span className="block text-xs font-normal break-all text-muted-foreground">{ids}</span>
    </>
  )
}

function Outcome({ row, read }: { row: ImportRowOut; read: ReadColumnOut[] }) {
  const { t } = useTranslation('imports')
  const column = read.find(({ field }) => field === row.problem_field)
  const problems = t('problems', { returnObjects: true }) as Record<string, string>
  return (
    <>
      <Badge tone={OUTCOME_TONES[row.outcome]}>{t(`outcomes.${row.outcome}`)}</Badge>
      {row.problem !== '' && (
        <span className="mt-1 block text-xs text-muted-foreground">
          {problems[row.problem] ?? problems.other}
          {column && (
            <>
              {', '}
              {column.heading === ''
                ? t('mapping.inNumber', { number: column.column })
                : t('mapping.inColumn', { column: column.heading })}
            </>
          )}
        </span>
      )}
    </>
  )
}
