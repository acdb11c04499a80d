import { ChevronsUpDown } from 'lucide-react'
import { type ComponentProps, forwardRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useTenant } from '@/lib/tenancy'
import { Initial } from './initial'

export const TenantButton = forwardRef<HTMLButtonElement, ComponentProps<'button'>>(
  function TenantButton(props, ref) {
    const { t } = useTranslation()
    const tenant = useTenant()
    return (
      <button
        ref={ref}
        type="button"
        aria-label={`${tenant.name}. ${t('nav.switchTenant')}`}
        className="flex w-full min-w-0 items-center gap-2.5 rounded-md p-1.5 text-left hover:bg-hover"
        {...props}
      >
        <Initial name={tenant.name} />
        <span className="min-w-0 flex-1">
          <span className="block truncate font-semibold">{tenant.name}</span>
          <span className="block text-xs text-muted-foreground">{t(`roles.${tenant.role}`)}</span>
        </span>
        <ChevronsUpDown className="size-4 shrink-0 text-muted-foreground" aria-hidden />
      </button>
    )
  },
)
