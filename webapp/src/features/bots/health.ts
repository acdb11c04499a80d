import type { BotOut } from '@/api'
import type { Tone } from '@/components/ui/badge'

/** Just connected: Telegram is being told where to send updates. */
export function isSettlingIn(bot: BotOut): boolean {
  return bot.status === 'active' && bot.webhook_set_at === null && bot.health_code === ''
}

export type BotState = 'settling' | 'healthy' | 'unhealthy' | 'paused' | 'token_revoked' | 'deleted'

export function stateOf(bot: BotOut): BotState {
  if (bot.status !== 'active') return bot.status
  if (bot.health_code !== '') return 'unhealthy'
  return isSettlingIn(bot) ? 'settling' : 'healthy'
}

export const TONES: Record<BotState, Tone> = {
  settling: 'info',
  healthy: 'success',
  unhealthy: 'danger',
  paused: 'warning',
  token_revoked: 'danger',
  deleted: 'neutral',
}

/** Codes of the server that there are words for. */
export const HEALTH_CODES = [
  'token_revoked',
  'webhook_refused',
  'webhook_stolen',
  'webhook_cleared',
  'updates_missing',
] as const
export type HealthCode = (typeof HEALTH_CODES)[number]

export function healthCodeOf(bot: BotOut): HealthCode | 'other' {
  return HEALTH_CODES.find((code) => code === bot.health_code) ?? 'other'
}
