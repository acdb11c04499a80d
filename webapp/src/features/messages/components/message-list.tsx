import { useTranslation } from 'react-i18next'
import type { MessageKey, MessageOut } from '@/api'
import { Select } from '@/components/ui/select'
import { cn } from '@/lib/cn'
import { GROUPS, GROUP_NAMES, isChanged } from '../catalogue'

interface MessageListProps {
  messages: MessageOut[]
  chosen: MessageKey
  onChoose: (key: MessageKey) => void
}

/** Every text, with a mark where it is the tenant's own; on phones one list to choose from. */
export function MessageList({ messages, chosen, onChoose }: MessageListProps) {
  const { t } = useTranslation('messages')
  const changed = new Set(messages.filter(isChanged).map(({ key }) => key))
  return (
    <>
      <Select
        className="lg:hidden"
        aria-label={t('list')}
        value={chosen}
        onChange={(event) => onChoose(event.target.value as MessageKey)}
        choices={GROUP_NAMES.flatMap((group) =>
          GROUPS[group].map((key) => ({
            value: key,
            label: `${t(`keys.${key}`)}${changed.has(key) ? ` · ${t('changed')}` : ''}`,
          })),
        )}
      />
      <nav aria-label={t('list')} className="hidden space-y-4 lg:block">
        {GROUP_NAMES.map((group) => (
          <div key={group}>
            <p className="px-2.5 pb-1 text-xs font-medium text-muted-foreground">{t(`groups.${group}`)}</p>
            <ul>
              {GROUPS[group].map((key) => (
                <li key={key}>
                  <button
                    type="button"
                    aria-current={key === chosen ? 'true' : undefined}
                    onClick={() => onChoose(key)}
                    className={cn(
                      'flex w-full items-center justify-between gap-2 rounded-md px-2.5 py-1.5 text-left',
                      key === chosen
                        ? 'bg-hover font-medium'
                        : 'text-muted-foreground hover:bg-hover/60 hover:text-foreground',
                    )}
                  >
                    {t(`keys.${key}`)}
                    {changed.has(key) && (
                      <span className="size-2 shrink-0 rounded-full bg-primary">
                        <span className="sr-only">{t('changed')}</span>
                      </span>
                    )}
                  </button>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </nav>
    </>
  )
}
