import type { BroadcastOut, BroadcastTrigger } from '@/api'
import { useOccasion } from '../use-occasion'
import { SeriesWords } from './series-words'

interface SeriesRuleProps {
  found: BroadcastOut
  trigger: BroadcastTrigger
}

/** When one that goes by itself reaches a person, and whom it reaches at all. */
export function SeriesRule({ found, trigger }: SeriesRuleProps) {
  const occasion = useOccasion()
  return (
    <>
      <span className="font-medium">{occasion(found)}.</span> <SeriesWords of={`occasion.hints.${trigger}`} />
    </>
  )
}
