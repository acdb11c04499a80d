import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { PayerOut } from '@/api'

type Named = Pick<PayerOut, 'first_name' | 'last_name' | 'username' | 'telegram_id'>

/** What a subscriber is called: Telegram names may be empty, and of who was forgotten there is none. */
export function usePersonName(): (person: Named) => string {
  const { t } = useTranslation()
  return useCallback(
    ({ first_name, last_name, username, telegram_id }) => {
      // A random number below zero stands in place of Telegram's.
      if (telegram_id < 0) return t('erasedSubscriber')
      const full = `${first_name} ${last_name}`.trim()
      return full || (username !== null ? `@${username}` : String(telegram_id))
    },
    [t],
  )
}
