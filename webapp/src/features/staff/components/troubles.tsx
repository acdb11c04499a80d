import { useTranslation } from 'react-i18next'
import type { TenantHealthOut } from '@/api'
import { Badge } from '@/components/ui/badge'
import { troublesOf } from '../health'

/** How a tenant fares, in a few words. */
export function Troubles({ tenant }: { tenant: TenantHealthOut }) {
  const { t } = useTranslation('staff')
  const found = troublesOf(tenant)
  if (!found.length) return <Badge tone="success">{t('health.well')}</Badge>
  return (
    <span className="inline-flex flex-wrap gap-1">
      {found.map(([name, count]) => (
        <Badge key={name} tone={name === 'paidWithoutAccess' ? 'danger' : 'warning'}>
          {t(`health.${name}`, { count })}
        </Badge>
      ))}
    </span>
  )
}
