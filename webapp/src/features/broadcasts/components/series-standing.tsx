import { useTranslation } from 'react-i18next'
import type { BroadcastOut, BroadcastTrigger } from '@/api'
import { useFormat } from '@/lib/use-format'
import { isOn } from '../run'
import { SeriesRule } from './series-rule'

interface SeriesStandingProps {
  found: BroadcastOut
  trigger: BroadcastTrigger
}

/** How many people one that goes by itself has reached, when it last did, and whom it waits for. */
export function SeriesStanding({ found, trigger }: SeriesStandingProps) {
  const { t } = useTranslation('broadcasts')
  const format = useFormat()
  const { sent_count: count, last_sent_at: at } = found
  return (
    <div className="space-y-2">
      <p className="text-lg font-medium tabular-nums">
        {count > 0
          ? t('run.byItself.sent', { count, people: format.number(count) })
          : t('run.byItself.nobodyYet')}
      </p>
      {at !== null && <p title={format.exact(at)}>{t('run.byItself.last', { at: format.relative(at) })}</p>}
      {isOn(found) && (
        <p className="text-muted-foreground">
          <SeriesRule found={found} trigger={trigger} />
        </p>
      )}
    </div>
  )
}
