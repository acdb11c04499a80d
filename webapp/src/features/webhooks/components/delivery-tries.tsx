import { useTranslation } from 'react-i18next'
import type { WebhookTryOut } from '@/api'
import { Moment } from '@/components/ui/moment'
import { useFormat } from '@/lib/use-format'
import { useDeliveryWords } from '../use-delivery-words'

interface DeliveryTriesProps {
  tries: readonly WebhookTryOut[]
  /** The newest try may still be being made. */
  isWaiting: boolean
}

/** Each call, the newest first: when it was, how long it took and what it came to. */
export function DeliveryTries({ tries, isWaiting }: DeliveryTriesProps) {
  const { t } = useTranslation('api')
  const words = useDeliveryWords()
  const newestFirst = [...tries].reverse()
  return (
    <ol className="divide-y rounded-md border">
      {newestFirst.map((one, place) => {
        const open = isWaiting && place === 0 ? t('tries.open') : t('tries.brokenOff')
        return (
          <li key={one.began_at} className="grid grid-cols-[1fr_auto] gap-x-3 px-3 py-2">
            <span className={one.failure === '' ? '' : 'text-danger'}>{words(one) ?? open}</span>
            {one.duration_ms !== null && <Took milliseconds={one.duration_ms} />}
            <span className="col-span-2 text-xs text-muted-foreground">
              {t('tries.number', { number: one.attempt })} · <Moment at={one.began_at} as="time" />
            </span>
          </li>
        )
      })}
    </ol>
  )
}

function Took({ milliseconds }: { milliseconds: number }) {
  const { t } = useTranslation('api')
  const format = useFormat()
  const isLong = milliseconds >= 1000
  const value = format.number(isLong ? Math.round(milliseconds / 100) / 10 : milliseconds)
  return (
    <span className="whitespace-nowrap text-muted-foreground tabular-nums">
      {t(isLong ? 'tries.seconds' : 'tries.milliseconds', { value })}
    </span>
  )
}
