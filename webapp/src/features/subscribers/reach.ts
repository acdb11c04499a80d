/** Whether the bot can write to people, as one filter: by whether they block it, and whether they ever opened it. */
import type { ListUrl } from './list-url'

type Reach = Pick<ListUrl['value'], 'blocked' | 'started'>

export const NO_REACH: Reach = { blocked: undefined, started: undefined }
export const REACH = {
  blockedYes: { ...NO_REACH, blocked: true },
  blockedNo: { ...NO_REACH, blocked: false },
  started: { ...NO_REACH, started: true },
  notStarted: { ...NO_REACH, started: false },
} satisfies Record<string, Reach>
export type ReachName = keyof typeof REACH
export const REACHES = Object.keys(REACH) as ReachName[]

/** What is asked for, by name: as a rule one, two where a program asked for both. */
export function reachesOf({ blocked, started }: Reach): ReachName[] {
  return REACHES.filter((name) => {
    const one = REACH[name]
    return (
      (one.blocked !== undefined && one.blocked === blocked) ||
      (one.started !== undefined && one.started === started)
    )
  })
}
