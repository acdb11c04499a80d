import { useTranslation } from 'react-i18next'
import { FilterSelect } from '@/components/data-table/filters-bar'
import type { ListUrl } from '../list-url'
import { NO_REACH, REACH, REACHES, type ReachName, reachesOf } from '../reach'

export function ReachFilter({ url: { value, set } }: { url: ListUrl }) {
  const { t } = useTranslation('subscribers')
  const asked = reachesOf(value)
  const both = { value: asked.join(), label: asked.map((name) => t(`filters.${name}`)).join(', ') }
  return (
    <FilterSelect
      label={t('filters.blocked')}
      value={asked.length === 0 ? undefined : both.value}
      choices={[
        ...REACHES.map((name) => ({ value: name, label: t(`filters.${name}`) })),
        ...(asked.length > 1 ? [both] : []),
      ]}
      onChange={(name) => set(name === undefined ? NO_REACH : REACH[name as ReachName])}
    />
  )
}
