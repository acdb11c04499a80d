import { BotNeeded } from '@/features/bots/components/bot-needed'
import { useTranslation } from 'react-i18next'
import { botsListOptions } from '@/api/@tanstack/react-query.gen'
import { PageBody } from '@/components/layout/page-body'
import { PageHeader } from '@/components/layout/page-header'
import { Loaded } from '@/components/ui/loaded'
import { Select } from '@/components/ui/select'
import { Skeleton } from '@/components/ui/skeleton'
import { KEYS } from '@/features/messages/catalogue'
import { useTenantQuery } from '@/lib/requests'
import { useTenant } from '@/lib/tenancy'
import { id, oneOf, useUrlState } from '@/lib/url-state'
import { BotMessages } from './bot-messages'

const params = { bot: id(), locale: oneOf(['ru', 'en']), key: oneOf(KEYS, 'welcome') }

export function Page() {
  const { t } = useTranslation('messages')
  const tenant = useTenant()
  const { value, set } = useUrlState(params)
  const locale = value.locale ?? (tenant.locale === 'en' ? 'en' : 'ru')
  const bots = useTenantQuery((place) => botsListOptions({ path: place, query: { size: 100 } }))
  const working = bots.data?.items.filter(({ status }) => status !== 'deleted') ?? []
  const bot = working.find((known) => known.id === value.bot) ?? working[0]
  return (
    <PageBody>
      <PageHeader
        title={t('title')}
        description={t('description')}
        actions={
          working.length > 1 && (
            <Select
              className="w-auto min-w-44"
              aria-label={t('bot')}
              value={bot?.id}
              onChange={(event) => set({ bot: event.target.value })}
              choices={working.map((known) => ({ value: known.id, label: `@${known.username}` }))}
            />
          )
        }
      />
      <Loaded query={bots} skeleton={<Skeleton className="h-120" />}>
        {() =>
          bot ? (
            <BotMessages
              botId={bot.id}
              locale={locale}
              chosen={value.key}
              onLocale={(chosen) => set({ locale: chosen })}
              onChoose={(key) => set({ key, locale })}
            />
          ) : (
            <BotNeeded
              title={t('botNeeded.title')}
              text={t('botNeeded.text')}
              action={t('botNeeded.action')}
            />
          )
        }
      </Loaded>
    </PageBody>
  )
}
