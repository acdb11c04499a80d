import { UsersRound } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import type { BroadcastOut, BroadcastRecipientOut } from '@/api'
import { columnsOf } from '@/components/data-table/columns'
import { CursorTable, type Logged } from '@/components/data-table/cursor-table'
import { FilterSelect, FiltersBar } from '@/components/data-table/filters-bar'
import { Badge } from '@/components/ui/badge'
import { Moment } from '@/components/ui/moment'
import { State } from '@/components/ui/state'
import { useCan, useTenantPath } from '@/lib/tenancy'
import { STATES, STATE_TONES, canWriteAgain } from '../run'
import { AgainButton } from './again-button'

type RecipientState = (typeof STATES)[number]

interface RecipientsTableProps extends Logged<BroadcastRecipientOut> {
  found: BroadcastOut
  state: RecipientState | undefined
  onState: (state: RecipientState | undefined) => void
}

const column = columnsOf<BroadcastRecipientOut>()

/** Everybody of the audience, and what became of their message. */
export function RecipientsTable({ found, state, onState, ...log }: RecipientsTableProps) {
  const { t } = useTranslation('broadcasts')
  const mayWrite = useCan()('broadcasts-resend_to')
  const columns = useMemo(
    () =>
      column.columns([
        column.display({
          id: 'person',
          header: t('recipients.person'),
          meta: { isTitle: true },
          cell: ({ row }) => <Person row={row.original} />,
        }),
        column.display({
          id: 'state',
          header: t('recipients.state'),
          cell: ({ row }) => <Outcome row={row.original} />,
        }),
        column.accessor('changed_at', {
          header: t('recipients.changed'),
          meta: { align: 'end' },
          cell: ({ getValue }) => <Moment at={getValue()} />,
        }),
        column.display({
          id: 'again',
          header: t('again.one.open'),
          meta: { isActions: true, align: 'end' },
          cell: ({ row }) =>
            mayWrite &&
            canWriteAgain(found, row.original.state) && (
              <AgainButton broadcastId={found.id} row={row.original} />
            ),
        }),
      ]),
    [t, mayWrite, found],
  )
  return (
    <CursorTable
      label={t('recipients.title')}
      columns={columns}
      rowKey={({ user_id }) => user_id}
      isFiltered={state !== undefined}
      onReset={() => onState(undefined)}
      toolbar={
        <FiltersBar isFiltered={state !== undefined} onReset={() => onState(undefined)}>
          <FilterSelect
            label={t('recipients.state')}
            value={state}
            choices={STATES.map((one) => ({ value: one, label: t(`recipients.states.${one}`) }))}
            onChange={(chosen) => onState(STATES.find((one) => one === chosen))}
          />
        </FiltersBar>
      }
      empty={<State icon={UsersRound} title={t('recipients.none')} />}
      {...log}
    />
  )
}

function Person({ row }: { row: BroadcastRecipientOut }) {
  const path = useTenantPath()
  return (
    <>
      <Link to={path(`/subscribers/${row.user_id}`)} className="font-medium hover:underline">
        {row.name || String(row.telegram_id)}
      </Link>
      {row.username !== null && (
        <span className="block text-xs font-normal text-muted-foreground">@{row.username}</span>
      )}
    </>
  )
}

/** The words of Telegram for what failed; of everything else there is a code. */
function Outcome({ row }: { row: BroadcastRecipientOut }) {
  const { t, i18n } = useTranslation('broadcasts')
  const key = `recipients.reasons.${row.reason}`
  const reason = i18n.exists(`broadcasts:${key}`) ? t(key as 'recipients.reasons.blocked') : row.reason
  return (
    <>
      <Badge tone={STATE_TONES[row.state]}>{t(`recipients.states.${row.state}`)}</Badge>
      {reason !== '' && (
        <span className="mt-1 block text-xs break-words text-muted-foreground">{reason}</span>
      )}
    </>
  )
}
