import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import type { ImportOut } from '@/api'
import { Button } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { useCan, useTenantPath } from '@/lib/tenancy'

const BECAUSE: Record<string, 'limit' | 'pause' | 'suspended'> = {
  limit_reached: 'limit',
  sales_paused: 'pause',
  tenant_suspended: 'suspended',
}

/** How many of the file get no access for want of room, why, and what gives it to them. */
export function HeldNotice({ found }: { found: ImportOut }) {
  const { t } = useTranslation(['imports', 'common'])
  const can = useCan()
  const path = useTenantPath()
  const { held } = found.outcomes
  if (held === 0 || found.held_because === null || found.status === 'stopped') return null
  const because = BECAUSE[found.held_because] ?? 'limit'
  return (
    <Notice
      tone="warning"
      title={t(`held.${because}`, { count: held })}
      actions={
        because !== 'suspended' &&
        can('billing-get') && (
          <Button asChild size="sm">
            <Link to={path('/settings/billing')}>{t('common:form.toBilling')}</Link>
          </Button>
        )
      }
    >
      {found.status === 'done' && !found.can_go_on
        ? t('held.again')
        : t(`held.${found.can_go_on ? 'goOn' : 'before'}.${because}`)}
      {found.can_go_on && found.grace_days > 0 && ` ${t('held.grace')}`}
      {found.outcomes.claim > 0 && ` ${t('held.links')}`}
    </Notice>
  )
}
