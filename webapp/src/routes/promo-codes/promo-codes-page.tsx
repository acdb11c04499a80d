import { Download, HeartHandshake, Plus, Sparkles } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import { botsListOptions, plansListOptions, promoCodesListOptions } from '@/api/@tanstack/react-query.gen'
import { PageBody } from '@/components/layout/page-body'
import { PageHeader } from '@/components/layout/page-header'
import { Button } from '@/components/ui/button'
import { CodesTable } from '@/features/promo-codes/components/codes-table'
import { listSchema } from '@/features/promo-codes/list-url'
import { useTenantQuery } from '@/lib/requests'
import { useCan, useTenant, useTenantPath } from '@/lib/tenancy'
import { useUrlState } from '@/lib/url-state'

export function Page() {
  const { t } = useTranslation('promo-codes')
  const can = useCan()
  const path = useTenantPath()
  const { id: tenantId } = useTenant()
  const url = useUrlState(listSchema)
  const { page, size, search, active, plan } = url.value
  const codes = useTenantQuery((tenant) =>
    promoCodesListOptions({
      path: tenant,
      query: { page, size, search: search || null, is_active: active ?? null, plan_id: plan ?? null },
    }),
  )
  const plans = useTenantQuery((tenant) => plansListOptions({ path: tenant, query: { size: 200 } }))
  const bots = useTenantQuery((tenant) => botsListOptions({ path: tenant, query: { size: 100 } }))
  const working = bots.data?.items.filter(({ status }) => status !== 'deleted') ?? []
  const create = can('promo_codes-create') && (
    <Button asChild variant="primary">
      <Link to={path('/promo-codes/new')}>
        <Plus aria-hidden />
        {t('create.open')}
      </Link>
    </Button>
  )
  return (
    <PageBody>
      <PageHeader
        title={t('title')}
        description={t('description')}
        actions={
          <>
            {can('promo_codes-get_csv') &&
              working.map((bot) => (
                <Button asChild key={bot.id}>
                  <a href={`/api/v1/tenants/${tenantId}/promo-codes/csv/${bot.id}`} download>
                    <Download aria-hidden />
                    {working.length > 1 ? `CSV @${bot.username}` : 'CSV'}
                  </a>
                </Button>
              ))}
            <Button asChild>
              <Link to={path('/promo-codes/win-back')}>
                <HeartHandshake aria-hidden />
                {t('winBack')}
              </Link>
            </Button>
            {can('promo_codes-generate') && (
              <Button asChild>
                <Link to={path('/promo-codes/generate')}>
                  <Sparkles aria-hidden />
                  {t('generate.open')}
                </Link>
              </Button>
            )}
            {create}
          </>
        }
      />
      <CodesTable query={codes} url={url} plans={plans.data?.items ?? []} create={create} />
    </PageBody>
  )
}
