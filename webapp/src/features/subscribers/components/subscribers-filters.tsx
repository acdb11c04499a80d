import { SlidersHorizontal } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ChannelOut, PlanOut } from '@/api'
import { FilterSelect, FiltersBar } from '@/components/data-table/filters-bar'
import { Button } from '@/components/ui/button'
import { useSourceName } from '@/lib/use-source-name'
import { EXPIRING, LOCALES, type ListUrl, STATES } from '../list-url'
import { MovementFilter } from './movement-filter'

const NO_REACH = { blocked: undefined, started: undefined }
const REACH = {
  blockedYes: { ...NO_REACH, blocked: true },
  blockedNo: { ...NO_REACH, blocked: false },
  notStarted: { ...NO_REACH, started: false },
}
type ReachFilter = keyof typeof REACH
const REACHES = Object.keys(REACH) as ReachFilter[]

const isChosen = (value: ListUrl['value'], { blocked, started }: (typeof REACH)[ReachFilter]) =>
  value.blocked === blocked && value.started === started

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
    value.locale,
    value.blocked,
    value.started,
    value.inside,
    value.free,
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
      {plans.length > 0 && (
        <FilterSelect
          label={t('filters.plan')}
          value={value.plan}
          choices={plans.map(({ id, title }) => ({ value: id, label: title }))}
          onChange={(plan) => set({ plan })}
        />
      )}
      <MovementFilter url={url} />
      <Button aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
        <SlidersHorizontal aria-hidden />
        {t('filters.more')}
      </Button>
      {isOpen && <MoreFilters url={url} channels={channels} tags={tags} />}
    </FiltersBar>
  )
}

function MoreFilters({ url: { value, set }, channels, tags }: Omit<SubscribersFiltersProps, 'plans'>) {
  const { t } = useTranslation(['subscribers', 'common'])
  const sourceName = useSourceName()
  const shownTags = value.tag && !tags.includes(value.tag) ? [value.tag, ...tags] : tags
  return (
    <div className="flex w-full flex-wrap gap-2">
      <FilterSelect
        label={t('filters.expiring')}
        value={value.expiring}
        choices={EXPIRING.map((days) => ({
          value: days,
          label: t('filters.expiringWithin', { count: Number(days) }),
        }))}
        onChange={(expiring) => set({ expiring: expiring as typeof value.expiring })}
      />
      {channels.length > 0 && (
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
      <FilterSelect
        label={t('filters.blocked')}
        value={REACHES.find((name) => isChosen(value, REACH[name]))}
        choices={REACHES.map((name) => ({ value: name, label: t(`filters.${name}`) }))}
        onChange={(name) => set(name === undefined ? NO_REACH : REACH[name as ReachFilter])}
      />
      <YesNo
        label={t('filters.free')}
        yes={t('filters.freeYes')}
        no={t('filters.freeNo')}
        value={value.free}
        onChange={(free) => set({ free })}
      />
      {value.source !== '' && (
        <Button variant="outline" onClick={() => set({ source: '' })}>
          {t('filters.source', { source: sourceName(value.source) })} ×
        </Button>
      )}
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
