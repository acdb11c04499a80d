import { useTranslation } from 'react-i18next'
import type { WebhookTryOut } from '@/api'

const FAILURES = [
  'timeout', 'no_connection', 'name_unknown', 'tls', 'address_forbidden', 'broken_answer', 'disabled', 'not_made',
  'feature_off',
] as const // prettier-ignore

/** Says what a call came to; nothing where none has ended. */
export function useDeliveryWords() {
  const { t } = useTranslation('api')
  return ({ failure, response_status: status }: Pick<WebhookTryOut, 'failure' | 'response_status'>) => {
    const known = FAILURES.find((name) => name === failure)
    if (known !== undefined) return t(`failures.${known}`)
    return status === null ? undefined : t('deliveries.answered', { status })
  }
}
