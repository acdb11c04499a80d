import { useTranslation } from 'react-i18next'
import type { BroadcastOut } from '@/api'
import { delayOf, occasionOf } from './occasion'

/** Words for how often a broadcast goes, or after what it goes by itself; nothing for one that goes once. */
export function useOccasion(): (
  found: Pick<BroadcastOut, 'repeats' | 'trigger' | 'delay_minutes'>,
) => string | undefined {
  const { t } = useTranslation('broadcasts')
  return (found) => {
    const occasion = occasionOf(found)
    if (occasion === 'once') return undefined
    if (found.trigger === null) return t(`occasion.choices.${occasion}`)
    if (found.delay_minutes === 0) return t(`occasion.moments.${found.trigger}.now`)
    const { delay, delay_unit } = delayOf(found.delay_minutes)
    return t(`occasion.moments.${found.trigger}.later`, {
      delay: t(`delay.in.${delay_unit}`, { count: delay }),
    })
  }
}
