import type { UserRowOut } from '@/api'

/** What a subscriber is called: Telegram names may be empty. */
export function nameOf(
  user: Pick<UserRowOut, 'first_name' | 'last_name' | 'username' | 'telegram_id'>,
): string {
  const full = `${user.first_name} ${user.last_name}`.trim()
  return full || (user.username !== null ? `@${user.username}` : String(user.telegram_id))
}
