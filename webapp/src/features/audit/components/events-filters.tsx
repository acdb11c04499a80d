import { useTranslation } from 'react-i18next'
import { DateRange } from '@/components/data-table/date-range'
import { FilterSelect, FiltersBar } from '@/components/data-table/filters-bar'
import { type ActorKind, type EventFilters, KINDS, NOUNS } from '../event-filters'
import { useActionWords } from '../use-action-words'

export interface FiltersState {
  value: EventFilters
  set: (changes: Partial<EventFilters>) => void
  reset: () => void
  isFiltered: boolean
}

interface EventsFiltersProps extends FiltersState {
  /** Who can be chosen by name. */
  people?: readonly { id: string; name: string }[]
}

export function EventsFilters({ value, set, reset, isFiltered, people = [] }: EventsFiltersProps) {
  const { t } = useTranslation('audit')
  const words = useActionWords()
  const nouns: { value: string; label: string }[] = NOUNS.map((noun) => ({
    value: `${noun}.`,
    label: t(`nouns.${noun}`),
  }))
  // One action that a link asks for stands beside the nouns.
  if (value.action && !nouns.some((noun) => noun.value === value.action))
    nouns.unshift({ value: value.action, label: words(value.action) })
  return (
    <FiltersBar isFiltered={isFiltered} onReset={reset}>
      <FilterSelect
        label={t('filters.noun')}
        value={value.action || undefined}
        choices={nouns}
        onChange={(action) => set({ action: action ?? '' })}
      />
      <FilterSelect
        label={t('filters.kind')}
        value={value.kind}
        choices={KINDS.map((kind) => ({ value: kind, label: t(`kinds.${kind}`) }))}
        onChange={(kind) => set({ kind: kind as ActorKind | undefined })}
      />
      {people.length > 0 && (
        <FilterSelect
          label={t('filters.member')}
          value={value.actor}
          choices={people.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={(actor) => set({ actor })}
        />
      )}
      <DateRange label={t('filters.period')} from={value.from} until={value.until} onChange={set} />
    </FiltersBar>
  )
}
