import { z } from 'zod'
import type { LimitsByHandIn, TenantBillingOut } from '@/api'

export const LIMITED = [
  'max_bots',
  'max_channels',
  'max_subscribers',
  'max_broadcasts',
  'max_members',
] as const
export const WAYS = ['plan', 'any', 'number'] as const

const MOST = 1_000_000_000
const LIMIT = z
  .object({ way: z.enum(WAYS), number: z.number().int().min(0).max(MOST).nullable() })
  .refine(({ way, number }) => way !== 'number' || number !== null, { path: ['number'] })

export const LIMITS_BY_HAND = z.object({
  max_bots: LIMIT, max_channels: LIMIT, max_subscribers: LIMIT, max_broadcasts: LIMIT, max_members: LIMIT,
  version: z.string(),
}) // prettier-ignore
export type LimitsByHand = z.infer<typeof LIMITS_BY_HAND>

/** The form's values: a limit that is not given by hand is the plan's. */
export function readLimits({ by_hand, version }: TenantBillingOut): LimitsByHand {
  const read = (of: (typeof LIMITED)[number]): LimitsByHand[typeof of] => {
    const number = by_hand[of]
    if (number === undefined) return { way: 'plan', number: null }
    return number === null ? { way: 'any', number } : { way: 'number', number }
  }
  return {
    max_bots: read('max_bots'), max_channels: read('max_channels'), max_subscribers: read('max_subscribers'),
    max_broadcasts: read('max_broadcasts'), max_members: read('max_members'), version,
  } // prettier-ignore
}

export function writeLimits({ version, ...limits }: LimitsByHand): LimitsByHandIn {
  const given = Object.entries(limits).filter(([, { way }]) => way !== 'plan')
  return {
    limits: Object.fromEntries(given.map(([of, { way, number }]) => [of, way === 'any' ? null : number])),
    version,
  }
}
