import { useTranslation } from 'react-i18next'
import type { UserDetailsOut } from '@/api'
import { Badge } from '@/components/ui/badge'
import { CopyButton } from '@/components/ui/copy-button'
import { AccessState } from './access-state'
import { ReachState } from './reach-state'

export function SubscriberBadges({ user }: { user: UserDetailsOut }) {
  const { t } = useTranslation('subscribers')
  return (
    <span className="flex flex-wrap gap-1">
      <AccessState user={user} />
      {user.is_inside && <Badge tone="success">{t('states.inside')}</Badge>}
      {user.is_whitelisted && <Badge tone="info">{t('states.whitelisted')}</Badge>}
      <ReachState user={user} />
    </span>
  )
}

export function SubscriberContacts({ user }: { user: UserDetailsOut }) {
  const { t } = useTranslation('subscribers')
  // A random number stands in place of Telegram's.
  if (user.erased_at !== null) return null
  return (
    <span className="flex flex-wrap items-center gap-x-3">
      {user.username !== null && (
        <a
          className="text-info hover:underline"
          href={`https://t.me/${user.username}`}
          target="_blank"
          rel="noreferrer"
        >
          @{user.username}
        </a>
      )}
      <span className="inline-flex items-center gap-1">
        {t('columns.telegramId')}
        <span className="font-mono text-foreground">{user.telegram_id}</span>
        <CopyButton value={String(user.telegram_id)} label={t('copyTelegramId')} />
      </span>
    </span>
  )
}
