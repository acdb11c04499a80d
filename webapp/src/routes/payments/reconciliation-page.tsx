import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { BotOut } from '@/api'
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
import { LastRun } from '@/features/reconciliations/components/last-run'
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
  const compared = bots.data?.items.flatMap(listCompared) ?? []
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
            {compared.map(({ bot, provider }) => (
              <li key={`${bot.id} ${provider}`}>
                <LastRun
                  bot={bot}
                  provider={provider}
                  run={items.find((run) => run.bot_id === bot.id && run.provider === provider)}
                />
              </li>
            ))}
            {bots.data !== undefined && compared.length === 0 && (
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

/** Whose lists a bot's payments are compared with. */
function listCompared(bot: BotOut) {
  const shop = bot.shop_status === 'not_connected' ? [] : [{ bot, provider: 'yookassa' as const }]
  const stars = bot.stars_reconcile_at === null ? [] : [{ bot, provider: 'stars' as const }]
  return [...shop, ...stars]
}
