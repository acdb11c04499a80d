import { useTranslation } from 'react-i18next'
import { billingGetOptions, usersListOptions } from '@/api/@tanstack/react-query.gen'
import { PageBody } from '@/components/layout/page-body'
import { PageHeader } from '@/components/layout/page-header'
import { Notice } from '@/components/ui/notice'
import { BeforeLeaving } from '@/features/closings/components/before-leaving'
import { CloseCard } from '@/features/closings/components/close-card'
import { RunningCard } from '@/features/closings/components/running-card'
import { WhatHappens } from '@/features/closings/components/what-happens'
import { WholeExportButton } from '@/features/exports/components/whole-export-button'
import { isOver } from '@/lib/days'
import { useTenantQuery } from '@/lib/requests'
import { useCan, useTenant } from '@/lib/tenancy'

export function Page() {
  const { t } = useTranslation('closings')
  const { closing_asked_at, removal_at } = useTenant()
  const isTooLate = removal_at !== null && isOver(removal_at)
  return (
    <PageBody isNarrow>
      <PageHeader title={t('title')} description={t('description')} />
      <div className="space-y-5">
        {removal_at !== null && (
          <RunningCard
            askedAt={closing_asked_at}
            removalAt={removal_at}
            isOver={isTooLate}
            takeAlong={<WholeExportButton />}
          />
        )}
        {!isTooLate && <WhatHappens />}
        {removal_at === null && <Leaving />}
      </div>
    </PageBody>
  )
}

function Leaving() {
  const { t } = useTranslation('closings')
  const can = useCan()
  const { role } = useTenant()
  const active = useTenantQuery((path) => usersListOptions({ path, query: { state: 'active', size: 1 } }))
  const billing = useTenantQuery((path) => billingGetOptions({ path }), { enabled: can('billing-get') })
  if (role !== 'owner') return <Notice tone="info">{t('ownerOnly')}</Notice>
  return (
    <>
      <BeforeLeaving
        active={active.data?.total}
        isRenewing={billing.data?.is_renewing === true}
        takeAlong={<WholeExportButton size="sm" />}
      />
      {can('tenants-close') ? <CloseCard /> : <Notice tone="info">{t('suspended')}</Notice>}
    </>
  )
}
