import { Settings2 } from 'lucide-react'
import { type ComponentProps, forwardRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '@/lib/use-me'

export const AccountButton = forwardRef<HTMLButtonElement, ComponentProps<'button'>>(
  function AccountButton(props, ref) {
    const { t } = useTranslation()
    const me = useMe()
    return (
      <button
        ref={ref}
        type="button"
        aria-label={`${t('account.menu')}: ${me.data?.email ?? ''}`}
        className="flex w-full min-w-0 items-center gap-2.5 rounded-md p-1.5 text-left hover:bg-hover"
        {...props}
      >
        <span className="min-w-0 flex-1">
          <span className="block truncate font-medium">{me.data?.name}</span>
          <span className="block truncate text-xs text-muted-foreground">{me.data?.email}</span>
        </span>
        <Settings2 className="size-4 shrink-0 text-muted-foreground" aria-hidden />
      </button>
    )
  },
)
