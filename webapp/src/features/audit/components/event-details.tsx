import { Filter } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ControlPlaneAuditSchemasEventOut as EventOut } from '@/api'
import { Button } from '@/components/ui/button'
import { CopyButton } from '@/components/ui/copy-button'
import { Definitions } from '@/components/ui/definitions'
import { Moment } from '@/components/ui/moment'
import { Actor } from './actor'

interface EventDetailsProps {
  event: EventOut
  onSubject: (subject: string) => void
}

/** Everything that was written down of one event. */
export function EventDetails({ event, onSubject }: EventDetailsProps) {
  const { t } = useTranslation('audit')
  const { actor, subject_id: subject, details } = event
  const rows = Object.entries(details).map(
    ([name, value]) => [name, <Value key={name} value={value} />] as const,
  )
  return (
    <div className="space-y-5">
      <Definitions
        rows={[
          [t('columns.time'), <Moment key="time" at={event.created_at} as="time" />],
          [t('columns.actor'), <Actor key="actor" actor={actor} />],
          ...(actor.id === null ? [] : [[t('details.actorId'), <Id key="id" id={actor.id} />] as const]),
          ...(subject === null ? [] : [[t('columns.subject'), <Id key="subject" id={subject} />] as const]),
          [t('columns.action'), <code key="action">{event.action}</code>],
          [t('details.id'), <Id key="event" id={event.id} />],
        ]}
      />
      {subject !== null && (
        <Button size="sm" onClick={() => onSubject(subject)}>
          <Filter aria-hidden />
          {t('filters.onlySubject')}
        </Button>
      )}
      <section className="border-t pt-4">
        <h3 className="mb-3">{t('details.title')}</h3>
        {rows.length ? (
          <Definitions rows={rows} />
        ) : (
          <p className="text-muted-foreground">{t('details.none')}</p>
        )}
      </section>
    </div>
  )
}

function Id({ id }: { id: string }) {
  const { t } = useTranslation()
  return (
    <span className="flex items-center gap-1 font-mono text-xs break-all">
      {id}
      <CopyButton value={id} label={t('actions.copy')} />
    </span>
  )
}

function Value({ value }: { value: unknown }): ReactNode {
  if (value === null || value === undefined || value === '')
    return <span className="text-muted-foreground">—</span>
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return <span className="break-words">{String(value)}</span>
  return (
    <pre className="overflow-x-auto rounded-md bg-muted/60 p-2 font-mono text-xs whitespace-pre-wrap">
      {JSON.stringify(value, null, 2)}
    </pre>
  )
}
