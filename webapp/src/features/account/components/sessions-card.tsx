import { Monitor, Smartphone } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type SessionOut, authEndOtherSessions, authEndSession } from '@/api'
import { AlertDialog } from '@/components/ui/alert-dialog'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { Moment } from '@/components/ui/moment'
import { useAction } from '@/lib/requests'
import { readAgent } from '../agents'

/** Where the person is logged in. */
export function SessionsCard({ sessions }: { sessions: readonly SessionOut[] }) {
  const { t } = useTranslation('account')
  const [isAsking, setIsAsking] = useState(false)
  const end = useAction((session_id: string) => authEndSession({ path: { session_id } }), {
    done: t('sessions.ended'),
  })
  const endOthers = useAction(() => authEndOtherSessions(), {
    done: t('sessions.othersEnded'),
    onDone: () => setIsAsking(false),
  })
  const ordered = [...sessions].sort((one, other) => Number(other.is_current) - Number(one.is_current))
  return (
    <Card>
      <CardHeader
        title={t('sessions.title')}
        description={t('sessions.text')}
        actions={
          sessions.length > 1 && <Button onClick={() => setIsAsking(true)}>{t('sessions.endOthers')}</Button>
        }
      />
      <CardBody>
        <ul className="divide-y rounded-md border">
          {ordered.map((item) => (
            <Session key={item.id} session={item}>
              {!item.is_current && (
                <Button
                  size="sm"
                  isPending={end.isPending && end.variables === item.id}
                  onClick={() => end.mutate(item.id)}
                >
                  {t('sessions.end')}
                </Button>
              )}
            </Session>
          ))}
        </ul>
      </CardBody>
      <AlertDialog
        isOpen={isAsking}
        onOpenChange={setIsAsking}
        title={t('sessions.endOthersTitle')}
        description={t('sessions.endOthersText')}
        confirmLabel={t('sessions.endOthers')}
        isPending={endOthers.isPending}
        onConfirm={() => endOthers.mutate()}
      />
    </Card>
  )
}

function Session({ session, children }: { session: SessionOut; children: React.ReactNode }) {
  const { t } = useTranslation('account')
  const { name, isPhone } = readAgent(session.user_agent)
  const Icon = isPhone ? Smartphone : Monitor
  return (
    <li className="flex items-center gap-3 px-3 py-2.5">
      <Icon className="size-5 shrink-0 text-muted-foreground" aria-hidden />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 font-medium" title={session.user_agent}>
          {name || t('sessions.unknown')}
          {session.is_current && <Badge tone="success">{t('sessions.current')}</Badge>}
        </p>
        <p className="text-muted-foreground">
          {session.address} · <Moment at={session.last_seen_at} />
        </p>
      </div>
      {children}
    </li>
  )
}
