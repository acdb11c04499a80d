import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import type { BroadcastOut } from '@/api'
import { Button } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { useCan, useTenant, useTenantPath } from '@/lib/tenancy'

/** Why a broadcast does not go on by itself, and what makes it go on. */
export function PauseNotice({ found: { id, paused_because, trigger } }: { found: BroadcastOut }) {
  const { t } = useTranslation('broadcasts')
  const can = useCan()
  const path = useTenantPath()
  const { suspended_at } = useTenant()
  if (paused_because === 'suspended' && suspended_at === null)
    return (
      <Notice
        tone="warning"
        title={t('paused.unpaid.title')}
        actions={
          can('billing-get') && (
            <Button asChild size="sm">
              <Link to={path('/settings/billing')}>{t('paused.unpaid.action')}</Link>
            </Button>
          )
        }
      >
        {t('paused.unpaid.text')}
      </Notice>
    )
  if (paused_because === 'refused')
    return (
      <Notice
        tone="danger"
        title={t('paused.refused.title')}
        actions={
          can('broadcasts-create') && (
            <Button asChild size="sm">
              <Link to={path(`/broadcasts/new?from=${id}`)}>{t('copy.open')}</Link>
            </Button>
          )
        }
      >
        {t('paused.refused.text')}
      </Notice>
    )
  const reason = paused_because === 'suspended' ? 'suspended' : trigger !== null ? 'byItself' : 'asked'
  return (
    <Notice tone="warning" title={t(`paused.${reason}.title`)}>
      {t(`paused.${reason}.text`)}
    </Notice>
  )
}
