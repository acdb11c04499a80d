import { useQuery } from '@tanstack/react-query'
import { Wallet } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { RevenueOut } from '@/api'
import { staffBillingGetRevenueOptions } from '@/api/@tanstack/react-query.gen'
import { PageBody } from '@/components/layout/page-body'
import { PageHeader } from '@/components/layout/page-header'
import { Card } from '@/components/ui/card'
import { Loaded } from '@/components/ui/loaded'
import { Moment } from '@/components/ui/moment'
import { Notice } from '@/components/ui/notice'
import { Skeleton } from '@/components/ui/skeleton'
import { StatCard } from '@/components/ui/stat-card'
import { State } from '@/components/ui/state'
import { RevenueTable } from '@/features/staff/components/revenue-table'
import { useFormat } from '@/lib/use-format'

export function Page() {
  const { t } = useTranslation('staff')
  const revenue = useQuery(staffBillingGetRevenueOptions())
  return (
    <PageBody>
      <PageHeader title={t('revenue.title')} description={t('revenue.description')} />
      <Loaded query={revenue} skeleton={<Skeleton className="h-96" />}>
        {(found) => <Revenue found={found} />}
      </Loaded>
    </PageBody>
  )
}

function Revenue({ found }: { found: RevenueOut }) {
  const { t } = useTranslation('staff')
  const format = useFormat()
  const paying = found.plans.reduce((sum, row) => sum + row.active + row.past_due, 0)
  const monthly = found.monthly.map((sum) => format.money(sum)).join(' + ')
  return (
    <>
      {!found.is_billed && (
        <Notice tone="info" title={t('revenue.off')} className="mb-5">
          {t('revenue.offText')}
        </Notice>
      )}
      <div className="mb-5 grid gap-4 sm:grid-cols-2 lg:grid-cols-4">
        <StatCard
          label={t('revenue.monthly')}
          value={monthly || format.number(0)}
          definition={t('revenue.definition')}
        />
        <StatCard label={t('revenue.paying')} value={format.number(paying)} />
        <StatCard label={t('revenue.free')} value={format.number(found.free)} />
        <StatCard label={t('revenue.canceled')} value={format.number(found.canceled)} />
      </div>
      {found.unlisted > 0 && (
        <Notice tone="warning" title={t('revenue.unlisted', { count: found.unlisted })} className="mb-5">
          {t('revenue.unlistedText')}
        </Notice>
      )}
      {found.plans.length ? (
        <RevenueTable revenue={found} />
      ) : (
        <Card>
          <State icon={Wallet} title={t('revenue.empty')}>
            {t('revenue.emptyText')}
          </State>
        </Card>
      )}
      <p className="mt-3 text-muted-foreground">
        {t('queues.read')} <Moment at={found.read_at} as="time" />
      </p>
    </>
  )
}
