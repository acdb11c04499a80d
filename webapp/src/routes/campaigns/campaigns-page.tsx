import { Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { botsListOptions } from '@/api/@tanstack/react-query.gen'
import { listParams } from '@/components/data-table/list-state'
import { PageBody } from '@/components/layout/page-body'
import { PageHeader } from '@/components/layout/page-header'
import { Loaded } from '@/components/ui/loaded'
import { Skeleton } from '@/components/ui/skeleton'
import { Tabs } from '@/components/ui/tabs'
import { BotNeeded } from '@/features/bots/components/bot-needed'
import { NewCampaignButton } from '@/features/campaigns/components/new-campaign-button'
import { later } from '@/lib/later'
import { useTenantQuery } from '@/lib/requests'
import { useCan } from '@/lib/tenancy'
import { oneOf, useUrlState } from '@/lib/url-state'
import { LinksTab } from './links-tab'

const ReferralsTab = later(() => import('./referrals-tab').then((file) => file.ReferralsTab))

const params = {
  ...listParams,
  tab: oneOf(['links', 'referrals'], 'links'),
  show: oneOf(['active', 'archived'], 'active'),
  state: oneOf(['invited', 'bought', 'rewarded', 'passed', 'taken_back']),
}

export function Page() {
  const { t } = useTranslation('campaigns')
  const can = useCan()
  const url = useUrlState(params)
  const { tab } = url.value
  const bots = useTenantQuery((path) => botsListOptions({ path, query: { size: 100 } }))
  const working = bots.data?.items.filter(({ status }) => status !== 'deleted') ?? []
  const create = can('campaigns-create') && working.length > 0 && <NewCampaignButton bots={working} />
  return (
    <PageBody>
      <PageHeader title={t('title')} description={t('description')} actions={tab === 'links' && create} />
      <Loaded query={bots} skeleton={<Skeleton className="h-140" />}>
        {() =>
          working.length === 0 ? (
            <BotNeeded
              title={t('botNeeded.title')}
              text={t('botNeeded.text')}
              action={t('botNeeded.action')}
            />
          ) : (
            <Tabs
              label={t('title')}
              value={tab}
              onChange={(chosen) => url.set({ tab: chosen, state: undefined })}
              tabs={[
                {
                  value: 'links',
                  label: t('tabs.links'),
                  content: <LinksTab state={url.value} onChange={url.set} create={create} />,
                },
                {
                  value: 'referrals',
                  label: t('tabs.referrals'),
                  content: (
                    <Suspense fallback={<Skeleton className="h-140" />}>
                      <ReferralsTab bots={working} state={url.value} onChange={url.set} />
                    </Suspense>
                  ),
                },
              ]}
            />
          )
        }
      </Loaded>
    </PageBody>
  )
}
