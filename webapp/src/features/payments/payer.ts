import type { PayerOut } from '@/api'

/** What a payer is called: Telegram names may be empty. */
export function payerName({ first_name, last_name, username, telegram_id }: PayerOut): string {
  return `${first_name} ${last_name}`.trim() || (username !== null ? `@${username}` : String(telegram_id))
}
