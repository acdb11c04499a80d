import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router-dom'
import { OnlyIf } from '@/components/layout/only-if'
import { PageBody } from '@/components/layout/page-body'
import { PageHeader } from '@/components/layout/page-header'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { Loaded } from '@/components/ui/loaded'
import { Skeleton } from '@/components/ui/skeleton'
import { State } from '@/components/ui/state'
import { NewCodeForm } from '@/features/promo-codes/components/new-code-form'
import { useTenantPath } from '@/lib/tenancy'
import { Bot } from 'lucide-react'
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
              <Card>
                <State
                  icon={Bot}
                  title={t('botNeeded.title')}
                  action={
                    <Button asChild variant="primary">
                      <Link to={path('/settings/bot')}>{t('botNeeded.action')}</Link>
                    </Button>
                  }
                >
                  {t('botNeeded.text')}
                </State>
              </Card>
            )
          }
        </Loaded>
      </OnlyIf>
    </PageBody>
  )
}
