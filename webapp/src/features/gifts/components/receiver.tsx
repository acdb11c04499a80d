import { useTranslation } from 'react-i18next'
import type { GiftOut } from '@/api'
import { PersonLink } from './person-link'

/** Who took a gift; where nobody did, whether somebody still can. */
export function Receiver({ gift: { receiver, status } }: { gift: GiftOut }) {
  const { t } = useTranslation('gifts')
  if (receiver !== null) return <PersonLink person={receiver} />
  return <span className="text-muted-foreground">{t(status === 'waiting' ? 'nobody' : 'nobodyTook')}</span>
}
