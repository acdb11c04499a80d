import { useTranslation } from 'react-i18next'
import type { UserOut } from '@/api'
import { Badge } from '@/components/ui/badge'

type ReachStateProps = Record<'user', Pick<UserOut, 'reach' | 'erasure_asked_at' | 'erased_at'>>

/** Why the bot cannot write to a person, where it cannot. */
export function ReachState({ user: { reach, erasure_asked_at, erased_at } }: ReachStateProps) {
  const { t } = useTranslation('subscribers')
  // Nobody writes to who is being forgotten, whether or not they blocked the bot.
  if (erased_at !== null) return <Badge tone="neutral">{t('personalData.states.erased')}</Badge>
  if (erasure_asked_at !== null) return <Badge tone="warning">{t('personalData.states.asked')}</Badge>
  if (reach === 'open') return null
  return <Badge tone={reach === 'blocked' ? 'danger' : 'warning'}>{t(`states.${reach}`)}</Badge>
}
