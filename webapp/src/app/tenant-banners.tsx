import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router-dom'
import { staffImpersonationsEnd } from '@/api'
import { Button } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { useAction } from '@/lib/requests'
import { useTenant } from '@/lib/tenancy'
import { useFormat } from '@/lib/use-format'
import { useMe } from '@/lib/use-me'

/** What everybody on a tenant's pages has to know: it is suspended, or somebody of the platform looks at it. */
export default function TenantBanners() {
  const { t } = useTranslation()
  const format = useFormat()
  const me = useMe()
  const { id, suspended_at, suspension_reason, impersonation: watched } = useTenant()
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
    </div>
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
