import { useTranslation } from 'react-i18next'
import { usersListSourcesOptions } from '@/api/@tanstack/react-query.gen'
import { FilterSelect } from '@/components/data-table/filters-bar'
import { useTenantQuery } from '@/lib/requests'
import { useSourceName } from '@/lib/use-source-name'
import type { ListUrl } from '../list-url'

/** By which link people came; of those by which anybody did. */
export function SourceFilter({ url: { value, set } }: { url: ListUrl }) {
  const { t } = useTranslation('subscribers')
  const sourceName = useSourceName()
  const { data } = useTenantQuery((path) => usersListSourcesOptions({ path }))
  const sources = data?.sources ?? []
  const shown = value.source && !sources.includes(value.source) ? [value.source, ...sources] : sources
  if (shown.length === 0) return null
  return (
    <FilterSelect
      label={t('columns.source')}
      value={value.source || undefined}
      choices={shown.map((source) => ({ value: source, label: sourceName(source) }))}
      onChange={(source) => set({ source: source ?? '' })}
    />
  )
}
