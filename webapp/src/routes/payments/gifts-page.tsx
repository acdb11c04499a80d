import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { giftsListOptions } from '@/api/@tanstack/react-query.gen'
import { listParams } from '@/components/data-table/list-state'
import { PageBody } from '@/components/layout/page-body'
import { PageHeader } from '@/components/layout/page-header'
import { Select } from '@/components/ui/select'
import { GiftsTable } from '@/features/gifts/components/gifts-table'
import { STATUSES } from '@/features/gifts/states'
import { useTenantQuery } from '@/lib/requests'
import { useTenantPath } from '@/lib/tenancy'
import { oneOf, useUrlState } from '@/lib/url-state'

const params = { ...listParams, status: oneOf(STATUSES) }

export function Page() {
  const { t } = useTranslation('gifts')
  const path = useTenantPath()
  const selectId = useId()
  const { value, set } = useUrlState(params)
  const { page, size, status } = value
  const gifts = useTenantQuery((tenant) =>
    giftsListOptions({ path: tenant, query: { page, size, status: status ?? null } }),
  )
  return (
    <PageBody>
      <PageHeader
        title={t('title')}
        description={t('description')}
        back={{ to: path('/payments'), label: t('back') }}
      />
      <div className="mb-3 flex flex-wrap items-center gap-3">
        <label htmlFor={selectId} className="font-medium">
          {t('columns.status')}
        </label>
        <Select
          id={selectId}
          className="w-56"
          value={status ?? ''}
          choices={[
            { value: '', label: t('all') },
            ...STATUSES.map((name) => ({ value: name, label: t(`status.${name}`) })),
          ]}
          onChange={({ target }) => set({ status: STATUSES.find((name) => name === target.value), page: 1 })}
        />
      </div>
      <GiftsTable query={gifts} state={value} onChange={set} />
    </PageBody>
  )
}
