import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router-dom'
import { usersListTimeline } from '@/api'
import {
  erasuresListOptions,
  plansListOptions,
  usersGetOptions,
  usersListTagsOptions,
} from '@/api/@tanstack/react-query.gen'
import { PageBody } from '@/components/layout/page-body'
import { PageHeader } from '@/components/layout/page-header'
import { Loaded } from '@/components/ui/loaded'
import { Skeleton } from '@/components/ui/skeleton'
import { ErasureFacts } from '@/features/erasures/components/erasure-facts'
import { FactsCard } from '@/features/subscribers/components/facts-card'
import { ForgottenNotice } from '@/features/subscribers/components/forgotten-notice'
import { NoteCard } from '@/features/subscribers/components/note-card'
import { PersonalDataCard } from '@/features/subscribers/components/personal-data'
import { SubscriberActions } from '@/features/subscribers/components/subscriber-actions'
import { SubscriberBadges, SubscriberContacts } from '@/features/subscribers/components/subscriber-header'
import { SubscriptionsCard } from '@/features/subscribers/components/subscriptions-card'
import { TagsCard } from '@/features/subscribers/components/tags-card'
import { Timeline } from '@/features/timeline/components/timeline'
import { useTimeline } from '@/features/timeline/use-timeline'
import { useTenantQuery } from '@/lib/requests'
import { useTenantPath } from '@/lib/tenancy'
import { usePersonName } from '@/lib/use-person-name'

export function Page() {
  const { t } = useTranslation('subscribers')
  const path = useTenantPath()
  const nameOf = usePersonName()
  const { userId = '' } = useParams()
  const user = useTenantQuery((tenant) => usersGetOptions({ path: { ...tenant, user_id: userId } }))
  const tags = useTenantQuery((tenant) => usersListTagsOptions({ path: tenant }))
  const bot = user.data?.bot_id
  const plans = useTenantQuery(
    (tenant) => plansListOptions({ path: tenant, query: { size: 200, bot_id: bot ?? null } }),
    { enabled: bot !== undefined },
  )
  const erasures = useTenantQuery(
    (tenant) => erasuresListOptions({ path: tenant, query: { user_id: userId } }),
    { enabled: typeof user.data?.erasure_asked_at === 'string' },
  )
  const erasure = erasures.data?.items.find(({ user_id }) => user_id === userId)
  const timeline = useTimeline(['users', userId], ({ path: tenant, query }) =>
    usersListTimeline({ path: { ...tenant, user_id: userId }, query }),
  )
  const live = plans.data?.items.filter(({ archived_at }) => archived_at === null) ?? []
  return (
    <PageBody>
      <Loaded query={user} skeleton={<Skeleton className="h-160" />}>
        {(found) => (
          <>
            <PageHeader
              title={nameOf(found)}
              badge={<SubscriberBadges user={found} />}
              description={<SubscriberContacts user={found} />}
              back={{ to: path('/subscribers'), label: t('title') }}
              actions={<SubscriberActions user={found} plans={live} />}
            />
            <ForgottenNotice user={found} />
            <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_21rem] lg:grid-rows-[auto_1fr]">
              <SubscriptionsCard user={found} />
              <div className="space-y-5 lg:col-start-2 lg:row-span-2 lg:row-start-1">
                <FactsCard user={found} />
                {found.erased_at === null && (
                  <>
                    <TagsCard user={found} known={tags.data?.tags ?? []} />
                    <NoteCard key={found.id} user={found} />
                  </>
                )}
                <PersonalDataCard user={found}>
                  {erasure && <ErasureFacts erasure={erasure} />}
                </PersonalDataCard>
              </div>
              <Timeline title={t('timeline')} query={timeline} />
            </div>
          </>
        )}
      </Loaded>
    </PageBody>
  )
}
