import type { ChannelOut, ChannelStatus } from '@/api'
import type { Tone } from '@/components/ui/badge'

export const TONES: Record<ChannelStatus, Tone> = {
  active: 'success',
  rights_missing: 'warning',
  bot_removed: 'danger',
}

/** Codes of the server that there are words for. */
const RIGHTS = ['make_bot_admin', 'can_invite_users', 'can_restrict_members'] as const
export type Right = (typeof RIGHTS)[number]

export function missingRights(channel: ChannelOut): Right[] {
  return RIGHTS.filter((right) => channel.missing_rights.includes(right))
}
