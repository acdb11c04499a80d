import { useTranslation } from 'react-i18next'
import type { BroadcastOut } from '@/api'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { Notice } from '@/components/ui/notice'
import { Progress } from '@/components/ui/progress'
import { useFormat } from '@/lib/use-format'
import { doneOf, isAsleep } from '../run'
import { HourNotice } from './hour-notice'
import { PauseNotice } from './pause-notice'
import { RunActions } from './run-actions'
import { RunFigures } from './run-figures'
import { SeriesStanding } from './series-standing'

/** How far a broadcast is that has begun, and what can be done about it. */
export function RunCard({ found }: { found: BroadcastOut }) {
  const { t } = useTranslation('broadcasts')
  const format = useFormat()
  return (
    <Card aria-label={t('run.title')}>
      <CardHeader title={t('run.title')} actions={<RunActions found={found} />} />
      <CardBody className="space-y-5">
        {isAsleep(found) && found.scheduled_at !== null && (
          <Notice tone="info" title={t('run.asleep', { at: format.exact(found.scheduled_at) })}>
            {t('run.asleepText')}
          </Notice>
        )}
        <HourNotice found={found} />
        {found.status === 'paused' && <PauseNotice found={found} />}
        {found.trigger === null ? (
          <Done found={found} />
        ) : (
          <SeriesStanding found={found} trigger={found.trigger} />
        )}
        <RunFigures found={found} />
      </CardBody>
    </Card>
  )
}

/** How many of how many people are dealt with, and how long the others take. */
function Done({ found }: { found: BroadcastOut }) {
  const { t } = useTranslation('broadcasts')
  const format = useFormat()
  const done = doneOf(found)
  const total = found.total_count
  const isCounted = done !== null && total !== null
  return (
    <div className="space-y-2">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <p className="text-lg font-medium tabular-nums">
          {isCounted
            ? t('run.doneOf', { done: format.number(done), total: format.number(total) })
            : t('run.writingDown')}
        </p>
        {found.seconds_left !== null && found.rate_per_minute !== null && (
          <p className="text-muted-foreground tabular-nums">
            {t('run.rate', { count: found.rate_per_minute, rate: format.number(found.rate_per_minute) })}
            {' · '}
            {t('run.timeLeft', { time: format.duration(found.seconds_left) })}
          </p>
        )}
      </div>
      <Progress label={t('run.progress')} value={done ?? 0} max={total ?? 1} />
    </div>
  )
}
