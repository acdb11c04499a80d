import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import {
  botsListOptions,
  reconciliationsListFindingsOptions,
  reconciliationsListOptions,
} from '@/api/@tanstack/react-query.gen'
import { listParams } from '@/components/data-table/list-state'
import { PageBody } from '@/components/layout/page-body'
import { PageHeader } from '@/components/layout/page-header'
import { Loaded } from '@/components/ui/loaded'
import { Select } from '@/components/ui/select'
import { Skeleton } from '@/components/ui/skeleton'
import { FindingsTable } from '@/features/reconciliations/components/findings-table'
import { ShopRun } from '@/features/reconciliations/components/shop-run'
import { useTenantQuery } from '@/lib/requests'
import { useTenantPath } from '@/lib/tenancy'
import { oneOf, useUrlState } from '@/lib/url-state'

const SHOWN = ['open', 'repaired'] as const
const params = { ...listParams, state: oneOf(SHOWN, 'open') }

export function Page() {
  const { t } = useTranslation('reconciliations')
  const path = useTenantPath()
  const selectId = useId()
  const { value, set } = useUrlState(params)
  const { page, size, state } = value
  const bots = useTenantQuery((tenant) => botsListOptions({ path: tenant, query: { size: 100 } }))
  const runs = useTenantQuery((tenant) => reconciliationsListOptions({ path: tenant, query: { size: 200 } }))
  const findings = useTenantQuery((tenant) =>
    reconciliationsListFindingsOptions({ path: tenant, query: { page, size, state } }),
  )
  const selling = bots.data?.items.filter(({ shop_status }) => shop_status !== 'not_connected') ?? []
  return (
    <PageBody>
      <PageHeader
        title={t('title')}
        description={t('text')}
        back={{ to: path('/payments'), label: t('back') }}
      />
      <Loaded query={runs} skeleton={<Skeleton className="h-44" />}>
        {({ items }) => (
          <ul className="mb-6 space-y-4">
            {selling.map((bot) => (
              <li key={bot.id}>
                <ShopRun bot={bot} run={items.find(({ bot_id }) => bot_id === bot.id)} />
              </li>
            ))}
            {bots.data !== undefined && selling.length === 0 && (
              <li className="text-muted-foreground">{t('noShop')}</li>
            )}
          </ul>
        )}
      </Loaded>
      <div className="mb-3 flex flex-wrap items-center gap-3">
        <label htmlFor={selectId} className="font-medium">
          {t('show.label')}
        </label>
        <Select
          id={selectId}
          className="w-56"
          value={state}
          choices={SHOWN.map((name) => ({ value: name, label: t(`show.${name}`) }))}
          onChange={({ target }) => set({ state: target.value === 'repaired' ? 'repaired' : 'open' })}
        />
      </div>
      <FindingsTable query={findings} state={value} onChange={set} isOpenOnes={state === 'open'} />
    </PageBody>
  )
}
