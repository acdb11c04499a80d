import { CalendarClock, Send } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type BotOut, type BroadcastOut, broadcastsUnschedule } from '@/api'
import { Button } from '@/components/ui/button'
import { Card, CardBody, CardFooter, CardHeader } from '@/components/ui/card'
import { Dialog } from '@/components/ui/dialog'
import { Notice } from '@/components/ui/notice'
import { later } from '@/lib/later'
import { useTenantAction } from '@/lib/requests'
import { useCan } from '@/lib/tenancy'
import { useFormat } from '@/lib/use-format'
import { useAudience } from '../use-audience'
import { SeriesRule } from './series-rule'
import { StartQuestion } from './start-question'
import { TestSteps } from './test-steps'

const ScheduleForm = later(() => import('./schedule-form').then((file) => file.ScheduleForm))

/** What is to be done before a broadcast begins: look at it in Telegram, then send it, now or later. */
export function SendCard({ found, bot }: { found: BroadcastOut; bot: BotOut | undefined }) {
  const { t } = useTranslation('broadcasts')
  const format = useFormat()
  const can = useCan()
  const audience = useAudience(found.bot_id, found.category, found.query)
  const people = audience.data?.reached
  const isByItself = found.trigger !== null
  const title = t(isByItself ? 'send.byItself.title' : 'send.title')
  return (
    <Card aria-label={title}>
      <CardHeader title={title} />
      <CardBody className="space-y-4">
        {found.status === 'scheduled' && found.scheduled_at !== null && (
          <Notice tone="info" title={t(waitsOf(found), { at: format.exact(found.scheduled_at) })}>
            {found.in_readers_zones && <p>{t('schedule.waitsReaders')}</p>}
            {t(isByItself ? 'schedule.byItself.waitsText' : 'schedule.waitsText')}
          </Notice>
        )}
        {can('broadcasts-test') && <TestSteps found={found} bot={bot} />}
        {found.trigger !== null && (
          <p>
            <SeriesRule found={found} trigger={found.trigger} />
          </p>
        )}
        {found.trigger === null && people === 0 && <Notice tone="warning">{t('send.nobody')}</Notice>}
        {found.tested_at === null && can('broadcasts-send') && (
          <p className="text-muted-foreground">
            {t(isByItself ? 'send.byItself.testFirst' : 'send.testFirst')}
          </p>
        )}
      </CardBody>
      {can('broadcasts-send') && <SendButtons found={found} people={people} />}
    </Card>
  )
}

function waitsOf({ trigger, in_readers_zones }: BroadcastOut) {
  if (trigger !== null) return 'schedule.byItself.waits'
  return in_readers_zones ? 'schedule.waitsAtHour' : 'schedule.waits'
}

interface SendButtonsProps {
  found: BroadcastOut
  /** Nothing while they are counted. */
  people: number | undefined
}

function SendButtons({ found, people }: SendButtonsProps) {
  const { t } = useTranslation('broadcasts')
  const [isStarting, setIsStarting] = useState(false)
  const [isScheduling, setIsScheduling] = useState(false)
  const unschedule = useTenantAction(
    (path) => broadcastsUnschedule({ path: { ...path, broadcast_id: found.id } }),
    { done: t('schedule.takenOff') },
  )
  const isScheduled = found.status === 'scheduled'
  // One that goes by itself begins with nobody.
  const hasPeople = found.trigger !== null || (people !== undefined && people > 0)
  const isReady = found.tested_at !== null && hasPeople
  return (
    <CardFooter>
      {isScheduled && (
        <Button variant="ghost" isPending={unschedule.isPending} onClick={() => unschedule.mutate()}>
          {t('schedule.takeOff')}
        </Button>
      )}
      <Button disabled={!isReady} onClick={() => setIsScheduling(true)}>
        <CalendarClock aria-hidden />
        {t(isScheduled ? 'schedule.change' : 'schedule.open')}
      </Button>
      <Button variant="primary" disabled={!isReady} onClick={() => setIsStarting(true)}>
        <Send aria-hidden />
        {t(found.trigger === null ? 'send.now' : 'send.turnOn')}
      </Button>
      <StartQuestion found={found} people={people ?? 0} isOpen={isStarting} onOpenChange={setIsStarting} />
      <Dialog
        isOpen={isScheduling}
        onOpenChange={setIsScheduling}
        title={t(found.trigger === null ? 'schedule.title' : 'schedule.byItself.title')}
      >
        <ScheduleForm found={found} people={people ?? 0} onClose={() => setIsScheduling(false)} />
      </Dialog>
    </CardFooter>
  )
}
