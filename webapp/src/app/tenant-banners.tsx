import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router-dom'
import { staffImpersonationsEnd, tenantsKeep } from '@/api'
import { Button } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { isOver } from '@/lib/days'
import { useAction, useTenantAction } from '@/lib/requests'
import { useCan, useTenant, useTenantPath } from '@/lib/tenancy'
import { useFormat } from '@/lib/use-format'
import { useMe } from '@/lib/use-me'
import { BillBanner } from './bill-banner'

/**
 * What everybody on a tenant's pages has to know: it is suspended, it is being closed, it owes the
 * platform, or somebody of the platform looks at it.
 */
export default function TenantBanners() {
  const { t } = useTranslation()
  const format = useFormat()
  const me = useMe()
  const { id, suspended_at, suspension_reason, impersonation: watched, bill } = useTenant()
  const watching = me.data?.impersonation?.tenant_id === id ? me.data.impersonation : null
  return (
    <div role="status" className="[&>*]:rounded-none [&>*]:border-b [&>*]:px-4 sm:[&>*]:px-6 lg:[&>*]:px-8">
      {watching ? (
        <Notice tone="warning" title={t('banners.watchingTitle')} actions={<EndButton tenantId={id} />}>
          {t('banners.watchingText', { until: format.dateTime(watching.ends_at) })}
        </Notice>
      ) : (
        watched && (
          <Notice tone="info" title={t('banners.watchedTitle', { name: watched.staff_name })}>
            {t('banners.watchedText', { until: format.dateTime(watched.ends_at), reason: watched.reason })}
          </Notice>
        )
      )}
      {suspended_at !== null && (
        <Notice tone="danger" title={t('banners.suspendedTitle')}>
          {t('banners.suspendedText', { reason: suspension_reason || '—' })}
        </Notice>
      )}
      <Closing />
      {bill && <BillBanner bill={bill} />}
    </div>
  )
}

/** A tenant that leaves: until when it can be kept, and by whom. */
function Closing() {
  const { t } = useTranslation()
  const format = useFormat()
  const can = useCan()
  const path = useTenantPath()
  const { removal_at } = useTenant()
  const keep = useTenantAction((tenant) => tenantsKeep({ path: tenant }), { done: t('banners.kept') })
  if (removal_at === null) return null
  const at = format.dateTime(removal_at)
  if (isOver(removal_at))
    return (
      <Notice tone="danger" title={t('banners.removedTitle')}>
        {t('banners.removedText', { at })}
      </Notice>
    )
  return (
    <Notice
      tone="danger"
      title={t('banners.closingTitle', { at })}
      actions={
        <>
          {can('tenants-keep') && (
            <Button size="sm" isPending={keep.isPending} onClick={() => keep.mutate()}>
              {t('banners.keep')}
            </Button>
          )}
          <Button size="sm" variant="ghost" asChild>
            <Link to={path('/settings/closing')}>{t('banners.closingMore')}</Link>
          </Button>
        </>
      }
    >
      {t(can('tenants-keep') ? 'banners.closingText' : 'banners.closingTextMember')}
    </Notice>
  )
}

function EndButton({ tenantId }: { tenantId: string }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const end = useAction(() => staffImpersonationsEnd(), {
    onDone: () => navigate(`/staff/tenants/${tenantId}`),
  })
  return (
    <Button size="sm" className="text-foreground" isPending={end.isPending} onClick={() => end.mutate()}>
      {t('banners.end')}
    </Button>
  )
}
