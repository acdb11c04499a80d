import { BotNeeded } from '@/features/bots/components/bot-needed'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router-dom'
import { OnlyIf } from '@/components/layout/only-if'
import { PageBody } from '@/components/layout/page-body'
import { PageHeader } from '@/components/layout/page-header'
import { Loaded } from '@/components/ui/loaded'
import { Skeleton } from '@/components/ui/skeleton'
import { NewCodeForm } from '@/features/promo-codes/components/new-code-form'
import { useTenantPath } from '@/lib/tenancy'
import { useCodeChoices } from './use-code-choices'

export function Page() {
  const { t } = useTranslation('promo-codes')
  const navigate = useNavigate()
  const path = useTenantPath()
  const { query, bots, plans, currency } = useCodeChoices()
  return (
    <PageBody isNarrow>
      <PageHeader title={t('create.title')} back={{ to: path('/promo-codes'), label: t('title') }} />
      <OnlyIf operation="promo_codes-create">
        <Loaded query={query} skeleton={<Skeleton className="h-140" />}>
          {() =>
            bots.length > 0 ? (
              <NewCodeForm
                bots={bots}
                plans={plans}
                currency={currency}
                onDone={({ id }) => navigate(path(`/promo-codes/${id}`))}
                onCancel={() => navigate(path('/promo-codes'))}
              />
            ) : (
              <BotNeeded
                title={t('botNeeded.title')}
                text={t('botNeeded.text')}
                action={t('botNeeded.action')}
              />
            )
          }
        </Loaded>
      </OnlyIf>
    </PageBody>
  )
}
