import { useTranslation } from 'react-i18next'
import type { BotOut } from '@/api'
import { botsGetPaceOptions } from '@/api/@tanstack/react-query.gen'
import { useTenantQuery } from '@/lib/requests'

/** How many people whose subscriptions end together the bot takes out in a minute, and how long those who wait take. */
export function RemovalPace({ bot }: { bot: BotOut }) {
  const { t } = useTranslation('bots')
  const pace = useTenantQuery((tenant) => botsGetPaceOptions({ path: { ...tenant, bot_id: bot.id } }))
  if (pace.data === undefined) return <>—</>
  const { ends_per_minute, waiting, minutes_left } = pace.data
  return (
    <>
      {t('pace.budget', { count: ends_per_minute })}
      {waiting > 0 && (
        <span className="block text-warning">
          {t('pace.waiting', { count: waiting, minutes: minutes_left })}
        </span>
      )}
    </>
  )
}
