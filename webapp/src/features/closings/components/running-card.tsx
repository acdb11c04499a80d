import type { ReactNode } from 'react'
import { Link } from 'react-router-dom'
import { useTranslation } from 'react-i18next'
import { tenantsKeep } from '@/api'
import { Button } from '@/components/ui/button'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { Definitions } from '@/components/ui/definitions'
import { Moment } from '@/components/ui/moment'
import { useTenantAction } from '@/lib/requests'
import { useCan, useTenantPath } from '@/lib/tenancy'

interface RunningCardProps {
  askedAt: string | null
  removalAt: string
  isOver: boolean
  /** The button that takes everything of the project along. */
  takeAlong: ReactNode
}

/** A closing that goes on: its times, and what can be done while it does. */
export function RunningCard({ askedAt, removalAt, isOver, takeAlong }: RunningCardProps) {
  const { t } = useTranslation(['closings', 'common'])
  const can = useCan()
  const path = useTenantPath()
  const keep = useTenantAction((tenant) => tenantsKeep({ path: tenant }), { done: t('common:banners.kept') })
  return (
    <Card aria-label={t('running.title')}>
      <CardHeader
        title={t(isOver ? 'running.overTitle' : 'running.title')}
        description={t(isOver ? 'running.overText' : 'running.text')}
      />
      <CardBody className="space-y-4">
        <Definitions
          rows={[
            [t('running.asked'), <Moment key="asked" at={askedAt} as="time" />],
            [t('running.removal'), <Moment key="removal" at={removalAt} as="time" />],
          ]}
        />
        {!isOver && (
          <div className="flex flex-wrap gap-2">
            {can('tenants-keep') && (
              <Button variant="primary" isPending={keep.isPending} onClick={() => keep.mutate()}>
                {t('common:banners.keep')}
              </Button>
            )}
            {takeAlong}
            {can('exports-request') && (
              <Button asChild>
                <Link to={path('/exports')}>{t('running.export')}</Link>
              </Button>
            )}
          </div>
        )}
      </CardBody>
    </Card>
  )
}
