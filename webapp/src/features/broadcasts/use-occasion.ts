import { useTranslation } from 'react-i18next'
import type { BroadcastOut } from '@/api'
import { delayOf, occasionOf } from './occasion'

/** Words for a broadcast that repeats or goes by itself; nothing for one that goes once. */
export function useOccasion(): (
  found: Pick<BroadcastOut, 'repeats' | 'trigger' | 'delay_minutes'>,
) => string | undefined {
  const { t } = useTranslation('broadcasts')
  return (found) => {
    const occasion = occasionOf(found)
    if (occasion === 'once') return undefined
    const what = t(`occasion.choices.${occasion}`)
    if (found.trigger === null || found.delay_minutes === 0) return what
    const { delay, delay_unit } = delayOf(found.delay_minutes)
    return t('occasion.later', { what, delay: t(`delay.in.${delay_unit}`, { count: delay }) })
  }
}
