import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router-dom'
import { promoCodesGetOptions, promoCodesListUsesOptions } from '@/api/@tanstack/react-query.gen'
import { listParams } from '@/components/data-table/list-state'
import { PageBody } from '@/components/layout/page-body'
import { PageHeader } from '@/components/layout/page-header'
import { Loaded } from '@/components/ui/loaded'
import { Skeleton } from '@/components/ui/skeleton'
import { Tabs } from '@/components/ui/tabs'
import { CodeForm } from '@/features/promo-codes/components/code-form'
import { CodeLink } from '@/features/promo-codes/components/code-link'
import { CodeState } from '@/features/promo-codes/components/code-state'
import { Discount } from '@/features/promo-codes/components/discount'
import { UsesTable } from '@/features/promo-codes/components/uses-table'
import { useTenantQuery } from '@/lib/requests'
import { useCan, useTenantPath } from '@/lib/tenancy'
import { oneOf, useUrlState } from '@/lib/url-state'
import { useCodeChoices } from './use-code-choices'

const params = { ...listParams, tab: oneOf(['uses', 'terms'], 'uses') }

export function Page() {
  const { t } = useTranslation('promo-codes')
  const path = useTenantPath()
  const can = useCan()
  const { promoCodeId = '' } = useParams()
  const { value, set } = useUrlState(params)
  const { page, size, tab } = value
  const code = useTenantQuery((tenant) =>
    promoCodesGetOptions({ path: { ...tenant, promo_code_id: promoCodeId } }),
  )
  const uses = useTenantQuery((tenant) =>
    promoCodesListUsesOptions({ path: { ...tenant, promo_code_id: promoCodeId }, query: { page, size } }),
  )
  const { plans, currency } = useCodeChoices()
  return (
    <PageBody isNarrow>
      <Loaded query={code} skeleton={<Skeleton className="h-160" />}>
        {(found) => (
          <>
            <PageHeader
              title={found.code}
              badge={<CodeState code={found} />}
              description={<Discount {...found} />}
              back={{ to: path('/promo-codes'), label: t('title') }}
            />
            <div className="space-y-5">
              <CodeLink code={found} />
              <Tabs
                label={found.code}
                value={tab}
                onChange={(chosen) => set({ tab: chosen })}
                tabs={[
                  {
                    value: 'uses',
                    label: t('uses.tab', { count: found.uses_count }),
                    content: <UsesTable query={uses} state={value} onChange={set} />,
                  },
                  {
                    value: 'terms',
                    label: t('terms'),
                    content: (
                      <CodeForm
                        key={found.id}
                        code={found}
                        plans={plans.filter(({ bot_id }) => bot_id === found.bot_id)}
                        currency={found.currency ?? currency}
                        isReadOnly={!can('promo_codes-change')}
                      />
                    ),
                  },
                ]}
              />
            </div>
          </>
        )}
      </Loaded>
    </PageBody>
  )
}
