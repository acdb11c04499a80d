import { SlidersHorizontal } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ChannelOut, PlanOut } from '@/api'
import { FilterSelect, FiltersBar } from '@/components/data-table/filters-bar'
import { Button } from '@/components/ui/button'
import { type ListUrl, STATES } from '../list-url'
import { BroughtFilters } from './brought-filters'
import { MoreFilters } from './more-filters'

export interface FilterChoices {
  plans: PlanOut[]
  channels: ChannelOut[]
  tags: string[]
}

interface SubscribersFiltersProps extends FilterChoices {
  url: ListUrl
}

export function SubscribersFilters({ url, plans, channels, tags }: SubscribersFiltersProps) {
  const { t } = useTranslation('subscribers')
  const { value, set, reset, isFiltered } = url
  const hasMore = [
    value.channel,
    value.expiring,
    value.sourced,
    value.locale,
    value.blocked,
    value.started,
    value.inside,
    value.free,
    value.came_from,
    value.came_until,
  ].some((filter) => filter !== undefined)
  const [isOpen, setIsOpen] = useState(hasMore || value.tag !== '' || value.source !== '')
  return (
    <FiltersBar
      search={{
        value: value.search,
        placeholder: t('search'),
        onChange: (search) => set({ search }, { replace: true }),
      }}
      isFiltered={isFiltered}
      onReset={reset}
    >
      <FilterSelect
        label={t('filters.state')}
        value={value.state}
        choices={STATES.map((state) => ({ value: state, label: t(`state.${state}`) }))}
        onChange={(state) => set({ state: state as typeof value.state })}
      />
      {(plans.length > 0 || value.plan !== undefined) && (
        <FilterSelect
          label={t('filters.plan')}
          value={value.plan}
          choices={plans.map(({ id, title }) => ({ value: id, label: title }))}
          onChange={(plan) => set({ plan })}
        />
      )}
      <BroughtFilters url={url} />
      <Button aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
        <SlidersHorizontal aria-hidden />
        {t('filters.more')}
      </Button>
      {isOpen && <MoreFilters url={url} channels={channels} tags={tags} />}
    </FiltersBar>
  )
}
