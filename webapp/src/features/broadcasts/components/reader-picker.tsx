import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { usersListOptions } from '@/api/@tanstack/react-query.gen'
import { Input } from '@/components/ui/input'
import { Loaded } from '@/components/ui/loaded'
import { Skeleton } from '@/components/ui/skeleton'
import { useTenantQuery } from '@/lib/requests'
import { useDebounced } from '@/lib/use-debounced'

const SHOWN = 6

interface ReaderPickerProps {
  botId: string
  onPicked: (userId: string) => void
}

/** One subscriber of a bot, found by name. */
export function ReaderPicker({ botId, onPicked }: ReaderPickerProps) {
  const { t } = useTranslation('broadcasts')
  const [typed, setTyped] = useState('')
  const search = useDebounced(typed.trim())
  const query = useTenantQuery((path) =>
    usersListOptions({
      path,
      query: { bot_id: botId, has_blocked_bot: false, search: search || null, size: SHOWN },
    }),
  )
  return (
    <div className="space-y-3">
      <Input
        type="search"
        aria-label={t('test.pick.search')}
        placeholder={t('test.pick.search')}
        value={typed}
        maxLength={64}
        onChange={({ target }) => setTyped(target.value)}
      />
      <Loaded query={query} skeleton={<Skeleton className="h-48" />}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="text-muted-foreground">{t('test.pick.nobody')}</p>
          ) : (
            <ul className="divide-y rounded-md border">
              {items.map(({ id, first_name, last_name, username, telegram_id }) => (
                <li key={id}>
                  <button
                    type="button"
                    className="flex w-full flex-wrap items-baseline gap-x-2 px-3 py-2.5 text-left hover:bg-hover"
                    onClick={() => onPicked(id)}
                  >
                    <span className="font-medium">
                      {`${first_name} ${last_name}`.trim() || String(telegram_id)}
                    </span>
                    {username !== null && <span className="text-muted-foreground">@{username}</span>}
                  </button>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </div>
  )
}
