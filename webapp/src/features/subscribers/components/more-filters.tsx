import { useTranslation } from 'react-i18next'
import { FilterSelect } from '@/components/data-table/filters-bar'
import { EXPIRING, LOCALES, type ListUrl } from '../list-url'
import { CameFilter } from './came-filter'
import { ReachFilter } from './reach-filter'
import { SourceFilter } from './source-filter'
import type { FilterChoices } from './subscribers-filters'

interface MoreFiltersProps extends Pick<FilterChoices, 'channels' | 'tags'> {
  url: ListUrl
}

/** Those that are asked for less often, behind a button. */
export function MoreFilters({ url, channels, tags }: MoreFiltersProps) {
  const { value, set } = url
  const { t } = useTranslation('subscribers')
  const shownDays =
    value.expiring !== undefined && !EXPIRING.includes(value.expiring)
      ? [value.expiring, ...EXPIRING]
      : EXPIRING
  const shownTags = value.tag && !tags.includes(value.tag) ? [value.tag, ...tags] : tags
  return (
    <div className="flex w-full flex-wrap gap-2">
      <FilterSelect
        label={t('filters.expiring')}
        value={value.expiring}
        choices={shownDays.map((days) => ({
          value: days,
          label: t('filters.expiringWithin', { count: Number(days) }),
        }))}
        onChange={(expiring) => set({ expiring })}
      />
      {(channels.length > 0 || value.channel !== undefined) && (
        <FilterSelect
          label={t('filters.channel')}
          value={value.channel}
          choices={channels.map(({ id, title }) => ({ value: id, label: title }))}
          onChange={(channel) => set({ channel })}
        />
      )}
      {shownTags.length > 0 && (
        <FilterSelect
          label={t('filters.tag')}
          value={value.tag || undefined}
          choices={shownTags.map((tag) => ({ value: tag, label: tag }))}
          onChange={(tag) => set({ tag: tag ?? '' })}
        />
      )}
      <SourceFilter url={url} />
      <FilterSelect
        label={t('filters.locale')}
        value={value.locale}
        choices={LOCALES.map((locale) => ({ value: locale, label: t(`filters.locales.${locale}`) }))}
        onChange={(locale) => set({ locale: locale as typeof value.locale })}
      />
      <YesNo
        label={t('filters.inside')}
        yes={t('filters.insideYes')}
        no={t('filters.insideNo')}
        value={value.inside}
        onChange={(inside) => set({ inside })}
      />
      <ReachFilter url={url} />
      <YesNo
        label={t('filters.free')}
        yes={t('filters.freeYes')}
        no={t('filters.freeNo')}
        value={value.free}
        onChange={(free) => set({ free })}
      />
      <CameFilter url={url} />
    </div>
  )
}

interface YesNoProps {
  label: string
  yes: string
  no: string
  value: boolean | undefined
  onChange: (value: boolean | undefined) => void
}

function YesNo({ label, yes, no, value, onChange }: YesNoProps) {
  return (
    <FilterSelect
      label={label}
      value={value === undefined ? undefined : value ? 'yes' : 'no'}
      choices={[
        { value: 'yes', label: yes },
        { value: 'no', label: no },
      ]}
      onChange={(chosen) => onChange(chosen === undefined ? undefined : chosen === 'yes')}
    />
  )
}
