import { useTranslation } from 'react-i18next'
import type { MessageKey } from '@/api'
import { messagesListOptions } from '@/api/@tanstack/react-query.gen'
import { Loaded } from '@/components/ui/loaded'
import { Skeleton } from '@/components/ui/skeleton'
import { Tabs } from '@/components/ui/tabs'
import { isChanged } from '@/features/messages/catalogue'
import { MessageEditor } from '@/features/messages/components/message-editor'
import { MessageList } from '@/features/messages/components/message-list'
import { useTenantQuery } from '@/lib/requests'

interface BotMessagesProps {
  botId: string
  locale: 'ru' | 'en'
  chosen: MessageKey
  onLocale: (locale: 'ru' | 'en') => void
  onChoose: (key: MessageKey) => void
}

export function BotMessages({ botId, locale, chosen, onLocale, onChoose }: BotMessagesProps) {
  const { t } = useTranslation('messages')
  const messages = useTenantQuery((path) => messagesListOptions({ path: { ...path, bot_id: botId } }))
  return (
    <Loaded query={messages} skeleton={<Skeleton className="h-120" />}>
      {(all) => (
        <Tabs
          label={t('language')}
          value={locale}
          onChange={onLocale}
          tabs={(['ru', 'en'] as const).map((language) => {
            const own = all.filter((message) => message.locale === language)
            const count = own.filter(isChanged).length
            const message = own.find(({ key }) => key === chosen)
            return {
              value: language,
              label: `${t(`languages.${language}`)}${count > 0 ? ` · ${t('changedCount', { count })}` : ''}`,
              content: (
                <div className="grid items-start gap-5 lg:grid-cols-[15rem_minmax(0,1fr)]">
                  <MessageList messages={own} chosen={chosen} onChoose={onChoose} />
                  {message && (
                    <MessageEditor
                      key={`${botId} ${message.key} ${language}`}
                      botId={botId}
                      message={message}
                    />
                  )}
                </div>
              ),
            }
          })}
        />
      )}
    </Loaded>
  )
}
