import { useTranslation } from 'react-i18next'
import { usersListSourcesOptions } from '@/api/@tanstack/react-query.gen'
import { FilterSelect } from '@/components/data-table/filters-bar'
import { useTenantQuery } from '@/lib/requests'
import { useSourceNames } from '@/lib/use-source-names'
import type { ListUrl } from '../list-url'

// No source begins or ends with a blank.
const NONE = ' none'
const ANY = ' any'

/** By which link people came, of those by which anybody did; or by none. */
export function SourceFilter({ url: { value, set } }: { url: ListUrl }) {
  const { t } = useTranslation('subscribers')
  const { hintOf } = useSourceNames()
  const { data } = useTenantQuery((path) => usersListSourcesOptions({ path }))
  const sources = data?.sources ?? []
  const shown = value.source && !sources.includes(value.source) ? [value.source, ...sources] : sources
  if (shown.length === 0 && value.sourced === undefined) return null
  const chosen = value.source || (value.sourced === undefined ? undefined : value.sourced ? ANY : NONE)
  return (
    <FilterSelect
      label={t('columns.source')}
      value={chosen}
      choices={[
        { value: NONE, label: t('filters.sourceNone') },
        // Only programs ask for it.
        ...(value.sourced ? [{ value: ANY, label: t('filters.sourceAny') }] : []),
        ...shown.map((source) => ({ value: source, label: hintOf(source) })),
      ]}
      onChange={(source) =>
        set(
          source === NONE || source === ANY
            ? { source: '', sourced: source === ANY }
            : { source: source ?? '', sourced: undefined },
        )
      }
    />
  )
}
