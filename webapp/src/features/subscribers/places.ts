/** Where a person is in a channel and where they should be, as one state that an owner can act on. */
import type { MembershipOut } from '@/api'
import type { Tone } from '@/components/ui/badge'

export const PLACE_TONES = {
  inside: 'success',
  kept: 'success',
  admin: 'info',
  intruder: 'warning',
  missing: 'warning',
  awaited: 'neutral',
  outside: 'neutral',
  unknown: 'neutral',
} as const satisfies Record<string, Tone>
export type Place = keyof typeof PLACE_TONES

export function placeOf({ wanted, actual }: Pick<MembershipOut, 'wanted' | 'actual'>): Place {
  switch (actual) {
    case 'admin':
      return 'admin'
    case 'inside':
      return ({ inside: 'inside', outside: 'intruder', unmanaged: 'kept' } as const)[wanted]
    case 'outside':
      return wanted === 'inside' ? 'missing' : 'outside'
    case 'unknown':
      return wanted === 'inside' ? 'awaited' : 'unknown'
  }
}
