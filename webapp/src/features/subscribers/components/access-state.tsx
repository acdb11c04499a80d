import { useTranslation } from 'react-i18next'
import type { UserRowOut } from '@/api'
import { Badge } from '@/components/ui/badge'

/** Access now, access that is paused or over, or never any. */
export function AccessState({ user }: { user: UserRowOut }) {
  const { t } = useTranslation('subscribers')
  if (user.subscriptions.some(({ status }) => status === 'active'))
    return <Badge tone="success">{t('state.active')}</Badge>
  if (user.subscriptions.some(({ status }) => status === 'paused'))
    return <Badge tone="info">{t('state.paused')}</Badge>
  return user.subscriptions.length > 0 ? (
    <Badge tone="warning">{t('state.expired')}</Badge>
  ) : (
    <Badge>{t('state.never')}</Badge>
  )
}
