import type { UseQueryResult } from '@tanstack/react-query'
import { ChevronRight, ChevronsLeft } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import type { ListLook } from './list'
import { ListCard } from './list-card'

export interface CursorPage<Row> {
  items: Row[]
  next_cursor: string | null
}

/** The rows of a log, and after which one they begin. */
export interface Logged<Row extends object> {
  query: UseQueryResult<CursorPage<Row>>
  /** The cursor of the URL; empty on the newest page. */
  after: string
  onAfter: (after: string) => void
}

const UNSORTED = { page: 1, size: 25 }
const keep = () => undefined

/** A log that grows while it is read: nobody counts its pages, one goes on to older rows. */
export function CursorTable<Row extends object>(props: ListLook<Row> & Logged<Row>) {
  const { label, query, after, onAfter } = props
  const { t } = useTranslation()
  const next = query.data?.next_cursor ?? null
  return (
    <ListCard {...props} state={UNSORTED} onChange={keep} isEmpty={query.data?.items.length === 0}>
      {(after !== '' || next !== null) && (
        <nav
          aria-label={t('table.pages', { list: label })}
          className="flex flex-wrap justify-between gap-2 border-t px-4 py-2.5"
        >
          <Button size="sm" disabled={after === ''} onClick={() => onAfter('')}>
            <ChevronsLeft aria-hidden />
            {t('table.newest')}
          </Button>
          <Button size="sm" disabled={next === null} onClick={() => next !== null && onAfter(next)}>
            {t('table.older')}
            <ChevronRight aria-hidden />
          </Button>
        </nav>
      )}
    </ListCard>
  )
}
