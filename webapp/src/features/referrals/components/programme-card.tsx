import { useTranslation } from 'react-i18next'
import type { BotOut } from '@/api'
import { referralsGetSettingsOptions } from '@/api/@tanstack/react-query.gen'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { Loaded } from '@/components/ui/loaded'
import { Skeleton } from '@/components/ui/skeleton'
import { useTenantQuery } from '@/lib/requests'
import { useCan } from '@/lib/tenancy'
import { ProgrammeForm } from './programme-form'

interface ProgrammeCardProps {
  bot: BotOut
  /** The project has several bots, so it is said which one this is of. */
  isAmongSeveral: boolean
}

/** The referral programme of a bot. */
export function ProgrammeCard({ bot, isAmongSeveral }: ProgrammeCardProps) {
  const { t } = useTranslation('referrals')
  const can = useCan()
  const settings = useTenantQuery((path) =>
    referralsGetSettingsOptions({ path: { ...path, bot_id: bot.id } }),
  )
  const title = t('settings.title')
  return (
    <Card aria-label={`${title}: @${bot.username}`}>
      <CardHeader
        title={isAmongSeveral ? `${title}: @${bot.username}` : title}
        description={t('settings.text')}
      />
      <CardBody>
        <Loaded query={settings} skeleton={<Skeleton className="h-40" />}>
          {(found) => (
            <ProgrammeForm botId={bot.id} settings={found} isReadOnly={!can('referrals-set_settings')} />
          )}
        </Loaded>
      </CardBody>
    </Card>
  )
}
