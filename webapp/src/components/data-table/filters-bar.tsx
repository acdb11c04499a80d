import { ListFilter, Search, X } from 'lucide-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigation } from 'react-router-dom'
import { Button } from '@/components/ui/button'
import { Input } from '@/components/ui/input'
import { type Choice, Select } from '@/components/ui/select'
import { cn } from '@/lib/cn'
import { useDebounced } from '@/lib/use-debounced'

interface FiltersBarProps {
  /** What is searched through. Left out where the list has no search. */
  search?: { value: string; onChange: (value: string) => void; placeholder: string }
  isFiltered: boolean
  onReset: () => void
  /** `FilterSelect`s and the like. */
  children?: ReactNode
}

/** On a phone the filters wait behind a button, so that the list itself begins on the first screen. */
export function FiltersBar({ search, isFiltered, onReset, children }: FiltersBarProps) {
  const { t } = useTranslation()
  const [isOpen, setIsOpen] = useState(isFiltered)
  return (
    <div role="search" aria-label={t('filters.label')} className="flex flex-wrap items-center gap-2">
      {search && <SearchInput key={search.value === '' ? 'empty' : 'filled'} {...search} />}
      {children !== undefined && (
        <>
          <Button
            className={cn('sm:hidden', !search && 'grow')}
            size={search ? 'icon' : 'md'}
            aria-label={t('filters.label')}
            aria-expanded={isOpen}
            onClick={() => setIsOpen(!isOpen)}
          >
            <ListFilter aria-hidden />
            {!search && t('filters.label')}
          </Button>
          <div className={cn('contents', !isOpen && 'max-sm:hidden')}>{children}</div>
        </>
      )}
      {isFiltered && (
        <Button variant="ghost" onClick={onReset}>
          <X aria-hidden />
          {t('actions.resetFilters')}
        </Button>
      )}
    </div>
  )
}

/** Asks 300 ms after the last key; `/` moves the focus here. */
function SearchInput({ value, onChange, placeholder }: NonNullable<FiltersBarProps['search']>) {
  const [typed, setTyped] = useState(value)
  const settled = useDebounced(typed)
  const change = useRef(onChange)
  useEffect(() => {
    change.current = onChange
  })
  const sent = useRef(value)
  // While another page loads, a change of this page's address would call the jump off.
  const isLeaving = useNavigation().state !== 'idle'
  useEffect(() => {
    if (isLeaving || settled === sent.current) return
    sent.current = settled
    change.current(settled)
  }, [settled, isLeaving])
  return (
    // On a phone it has the line to itself, but for the button of the filters.
    <div className="relative min-w-0 flex-1 max-sm:basis-[calc(100%-2.75rem)] sm:w-72 sm:flex-none">
      <Search
        className="pointer-events-none absolute top-2.5 left-2.5 size-4 text-muted-foreground"
        aria-hidden
      />
      <Input
        type="search"
        data-list-search
        aria-label={placeholder}
        placeholder={placeholder}
        value={typed}
        maxLength={64}
        onChange={(event) => setTyped(event.target.value)}
        className="pl-8"
      />
    </div>
  )
}

interface FilterSelectProps {
  label: string
  value: string | undefined
  choices: readonly Choice[]
  onChange: (value: string | undefined) => void
}

/** A filter by one of several values; its own name, chosen first, takes it away. What is not offered is shown still. */
export function FilterSelect({ label, value, choices, onChange }: FilterSelectProps) {
  const isOffered = value === undefined || choices.some((choice) => choice.value === value)
  return (
    <Select
      className="w-auto min-w-32 flex-1 sm:max-w-52 sm:flex-none"
      aria-label={label}
      value={value ?? ''}
      onChange={(event) => onChange(event.target.value || undefined)}
      choices={[{ value: '', label }, ...choices, ...(isOffered ? [] : [{ value, label: `${label}: …` }])]}
    />
  )
}
