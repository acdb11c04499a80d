import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { webhooksListDeliveriesOptions, webhooksListOptions } from '@/api/@tanstack/react-query.gen'
import { listParams } from '@/components/data-table/list-state'
import { PageBody } from '@/components/layout/page-body'
import { PageHeader } from '@/components/layout/page-header'
import { Notice } from '@/components/ui/notice'
import { Select } from '@/components/ui/select'
import { ApiKeysCard } from '@/features/api-keys/components/api-keys-card'
import { DeliveriesTable } from '@/features/webhooks/components/deliveries-table'
import { WebhooksCard } from '@/features/webhooks/components/webhooks-card'
import { useTenantQuery } from '@/lib/requests'
import { useCan, useHasFeature } from '@/lib/tenancy'
import { oneOf, useUrlState } from '@/lib/url-state'

const STATES = ['waiting', 'delivered', 'dead'] as const
const params = { ...listParams, state: oneOf(STATES) }
/** While somebody waits for a test to arrive, the log follows. */
const FOLLOW_MILLISECONDS = 5000

export function Page() {
  const { t } = useTranslation('api')
  const can = useCan()
  const hasWebhooks = useHasFeature('webhooks')
  return (
    <PageBody>
      <PageHeader title={t('title')} description={t('description')} />
      <div className="space-y-6">
        {can('api_keys-list') && <ApiKeysCard />}
        {hasWebhooks && <WebhooksCard />}
        {!hasWebhooks && (
          <Notice tone="info" title={t('off.title')}>
            {t('off.text')}
          </Notice>
        )}
        {hasWebhooks && <Deliveries />}
      </div>
    </PageBody>
  )
}

function Deliveries() {
  const { t } = useTranslation('api')
  const { value, set } = useUrlState(params)
  const { page, size, state } = value
  const webhooks = useTenantQuery((path) => webhooksListOptions({ path }))
  const deliveries = useTenantQuery(
    (path) => webhooksListDeliveriesOptions({ path, query: { page, size, status: state ?? null } }),
    {
      refetchInterval: ({ state: { data } }) =>
        data?.items.some(({ status }) => status === 'waiting') ? FOLLOW_MILLISECONDS : false,
    },
  )
  // The same until they change: new columns would make new cells, and a keyboard would lose its place at each look.
  const urls = useMemo(
    () => Object.fromEntries(webhooks.data?.items.map(({ id, url }) => [id, url]) ?? []),
    [webhooks.data],
  )
  return (
    <section>
      <div className="mb-3 flex flex-wrap items-end justify-between gap-3">
        <h2 className="text-base">{t('deliveries.title')}</h2>
        <Select
          className="sm:w-48"
          aria-label={t('deliveries.state')}
          value={state ?? ''}
          choices={[
            { value: '', label: t('deliveries.all') },
            ...STATES.map((name) => ({ value: name, label: t(`deliveries.filters.${name}`) })),
          ]}
          onChange={({ target }) => set({ state: STATES.find((name) => name === target.value), page: 1 })}
        />
      </div>
      <DeliveriesTable query={deliveries} state={value} onChange={set} urls={urls} />
    </section>
  )
}
