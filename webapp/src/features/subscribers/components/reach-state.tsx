import { useTranslation } from 'react-i18next'
import type { UserOut } from '@/api'
import { Badge } from '@/components/ui/badge'

/** Why the bot cannot write to a person, where it cannot. */
export function ReachState({ user: { reach } }: { user: Pick<UserOut, 'reach'> }) {
  const { t } = useTranslation('subscribers')
  if (reach === 'open') return null
  return <Badge tone={reach === 'blocked' ? 'danger' : 'warning'}>{t(`states.${reach}`)}</Badge>
}
