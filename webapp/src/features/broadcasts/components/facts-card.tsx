import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { BotOut, BroadcastOut } from '@/api'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { Definitions } from '@/components/ui/definitions'
import { Moment } from '@/components/ui/moment'
import { useTenant } from '@/lib/tenancy'
import { clock, isAlways } from '../hours'
import { hasStarted } from '../run'
import { useOccasion } from '../use-occasion'
import { AudienceCount } from './audience-count'

interface FactsCardProps {
  found: BroadcastOut
  bot: BotOut | undefined
  /** The filters of the list of subscribers, in words, and after what it goes by itself. */
  segment: ReactNode
}

/** For whom a broadcast is, and when people are written to. */
export function FactsCard({ found, bot, segment }: FactsCardProps) {
  const { t } = useTranslation('broadcasts')
  const { time_zone } = useTenant()
  const occasionWords = useOccasion()
  const isByReaders = found.in_readers_zones || found.trigger !== null
  const rows: [string, ReactNode][] = [
    [t(found.trigger === null ? 'facts.segment' : 'facts.who'), segment],
    [t('fields.category'), t(`categories.${found.category}`)],
    [t('fields.bot'), bot ? `@${bot.username}` : '…'],
    [
      t('hours.title'),
      isAlways(found)
        ? t('hours.always')
        : t(isByReaders ? 'hours.rangeReaders' : 'hours.range', {
            from: clock(found.from_hour),
            until: clock(found.until_hour),
            zone: time_zone,
          }),
    ],
  ]
  const occasion = occasionWords(found)
  if (occasion !== undefined && found.trigger === null) rows.push([t('occasion.title'), occasion])
  if (found.started_at !== null)
    rows.push([
      t(found.trigger === null ? 'facts.started' : 'facts.turnedOn'),
      <Moment key="at" at={found.started_at} as="time" />,
    ])
  if (found.finished_at !== null)
    rows.push([t('facts.finished'), <Moment key="at" at={found.finished_at} as="time" />])
  return (
    <Card aria-label={t('audience.title')}>
      <CardHeader title={t('audience.title')} />
      <CardBody className="space-y-4">
        {!hasStarted(found) && found.trigger === null && (
          <AudienceCount botId={found.bot_id} category={found.category} query={found.query} />
        )}
        <Definitions rows={rows} />
      </CardBody>
    </Card>
  )
}
