import type { Role } from '@/api'
import type { Tone } from '@/components/ui/badge'

/** From the one who may most to the one who may least. */
export const ROLES: readonly Role[] = ['owner', 'manager', 'support', 'analyst']

export const ROLE_TONES: Record<Role, Tone> = {
  owner: 'info',
  manager: 'success',
  support: 'neutral',
  analyst: 'neutral',
}
