import type { UserRowOut } from '@/api'

/** What a subscriber is called: Telegram names may be empty, and of who was forgotten there is none. */
export function nameOf(
  user: Pick<UserRowOut, 'first_name' | 'last_name' | 'username' | 'telegram_id'>,
): string {
  if (user.telegram_id < 0) return '—'
  const full = `${user.first_name} ${user.last_name}`.trim()
  return full || (user.username !== null ? `@${user.username}` : String(user.telegram_id))
}
