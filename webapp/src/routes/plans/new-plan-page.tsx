import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router-dom'
import { plansCreate } from '@/api'
import { botsListOptions, channelsListOptions } from '@/api/@tanstack/react-query.gen'
import { OnlyIf } from '@/components/layout/only-if'
import { PageBody } from '@/components/layout/page-body'
import { PageHeader } from '@/components/layout/page-header'
import { Loaded } from '@/components/ui/loaded'
import { Skeleton } from '@/components/ui/skeleton'
import { BotNeeded } from '@/features/bots/components/bot-needed'
import { PlanForm } from '@/features/plans/components/plan-form'
import { useTenantQuery } from '@/lib/requests'
import { useTenant, useTenantPath } from '@/lib/tenancy'

export function Page() {
  const { t } = useTranslation('plans')
  const navigate = useNavigate()
  const path = useTenantPath()
  const { id } = useTenant()
  const bots = useTenantQuery((tenant) => botsListOptions({ path: tenant, query: { size: 100 } }))
  const channels = useTenantQuery((tenant) => channelsListOptions({ path: tenant, query: { size: 200 } }))
  const toList = () => navigate(path('/plans'))
  return (
    <PageBody isNarrow>
      <PageHeader title={t('create.title')} back={{ to: path('/plans'), label: t('title') }} />
      <OnlyIf operation="plans-create">
        <Loaded query={bots} skeleton={<Skeleton className="h-140" />}>
          {({ items }) => {
            const working = items.filter(({ status }) => status !== 'deleted')
            if (!working.length)
              return (
                <BotNeeded
                  title={t('botNeeded.title')}
                  text={t('botNeeded.text')}
                  action={t('botNeeded.action')}
                />
              )
            return (
              <Loaded query={channels} skeleton={<Skeleton className="h-140" />}>
                {(found) => (
                  <PlanForm
                    bots={working}
                    channels={found.items}
                    draftKey={`${id}.plan.new`}
                    send={(terms, botId) =>
                      plansCreate({ path: { tenant_id: id }, body: { ...terms, bot_id: botId } })
                    }
                    done={t('create.done')}
                    onDone={toList}
                    onCancel={toList}
                  />
                )}
              </Loaded>
            )
          }}
        </Loaded>
      </OnlyIf>
    </PageBody>
  )
}
