import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import {
  campaignsListOptions,
  plansListOptions,
  promoCodesListOptions,
} from '@/api/@tanstack/react-query.gen'
import type { ListState } from '@/components/data-table/data-table'
import { Notice } from '@/components/ui/notice'
import { CampaignsTable } from '@/features/campaigns/components/campaigns-table'
import { useTenantQuery } from '@/lib/requests'

interface LinksState extends ListState {
  show: 'active' | 'archived'
}

interface LinksTabProps {
  state: LinksState
  onChange: (changes: Partial<LinksState>) => void
  /** The button that makes a link, for the empty list. */
  create: ReactNode
}

export function LinksTab({ state, onChange, create }: LinksTabProps) {
  const { t } = useTranslation('campaigns')
  const { page, size, show } = state
  const campaigns = useTenantQuery((path) =>
    campaignsListOptions({ path, query: { page, size, is_archived: show === 'archived' } }),
  )
  const plans = useTenantQuery((path) => plansListOptions({ path, query: { size: 200 } }))
  const codes = useTenantQuery((path) => promoCodesListOptions({ path, query: { size: 200 } }))
  return (
    <div className="space-y-4">
      {campaigns.data?.is_test === true && <Notice tone="info">{t('isTest')}</Notice>}
      <CampaignsTable
        query={campaigns}
        state={state}
        onChange={onChange}
        plans={plans.data?.items ?? []}
        codes={codes.data?.items ?? []}
        create={create}
      />
    </div>
  )
}
