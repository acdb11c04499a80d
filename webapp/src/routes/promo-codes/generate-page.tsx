import { BotNeeded } from '@/features/bots/components/bot-needed'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router-dom'
import type { PromoCodeOut } from '@/api'
import { OnlyIf } from '@/components/layout/only-if'
import { PageBody } from '@/components/layout/page-body'
import { PageHeader } from '@/components/layout/page-header'
import { Loaded } from '@/components/ui/loaded'
import { Skeleton } from '@/components/ui/skeleton'
import { GenerateForm } from '@/features/promo-codes/components/generate-form'
import { GeneratedCodes } from '@/features/promo-codes/components/generated-codes'
import { useTenantPath } from '@/lib/tenancy'
import { useCodeChoices } from './use-code-choices'

export function Page() {
  const { t } = useTranslation('promo-codes')
  const navigate = useNavigate()
  const path = useTenantPath()
  const { query, bots, plans, currency } = useCodeChoices()
  const [made, setMade] = useState<PromoCodeOut[]>()
  return (
    <PageBody isNarrow>
      <PageHeader
        title={t('generate.title')}
        description={t('generate.text')}
        back={{ to: path('/promo-codes'), label: t('title') }}
      />
      {made ? (
        <GeneratedCodes codes={made} />
      ) : (
        <OnlyIf operation="promo_codes-generate">
          <Loaded query={query} skeleton={<Skeleton className="h-140" />}>
            {() =>
              bots.length > 0 ? (
                <GenerateForm
                  bots={bots}
                  plans={plans}
                  currency={currency}
                  onDone={({ items }) => setMade(items)}
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
      )}
    </PageBody>
  )
}
