import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Select } from '@/components/ui/select'
import type { ListState } from './list'

const SIZES = [25, 50, 100]
const SMALLEST = 25

interface PaginationProps {
  /** What is listed: a page may have several lists. */
  label: string
  total: number
  isExact: boolean
  state: ListState
  onChange: (changes: Partial<ListState>) => void
}

export function Pagination({ label, total, isExact, state: { page, size }, onChange }: PaginationProps) {
  const { t } = useTranslation()
  const pages = Math.max(1, Math.ceil(total / size))
  const isBeyond = page > pages
  // Rows were deleted, or somebody typed a number: the last page is what there is.
  useEffect(() => {
    if (isBeyond) onChange({ page: pages })
  }, [isBeyond, pages, onChange])
  return (
    <nav
      aria-label={t('table.pages', { list: label })}
      className="flex flex-wrap items-center justify-between gap-3 border-t px-4 py-2.5"
    >
      <p role="status" className="text-muted-foreground tabular-nums">
        {t(isExact ? 'table.total' : 'table.totalAtLeast', { count: total })}
      </p>
      {total > SMALLEST && (
        <div className="flex items-center gap-2">
          <Select
            className="hidden w-20 sm:inline-flex"
            aria-label={t('table.size')}
            value={String(size)}
            onChange={(event) => onChange({ size: Number(event.target.value) })}
            choices={SIZES.map((value) => ({ value: String(value), label: String(value) }))}
          />
          <span className="px-1 text-muted-foreground tabular-nums">
            {isExact ? t('table.page', { page, pages }) : page}
          </span>
          <Button
            size="icon"
            aria-label={t('table.previous')}
            disabled={page <= 1}
            onClick={() => onChange({ page: page - 1 })}
          >
            <ChevronLeft aria-hidden />
          </Button>
          <Button
            size="icon"
            aria-label={t('table.next')}
            disabled={page >= pages}
            onClick={() => onChange({ page: page + 1 })}
          >
            <ChevronRight aria-hidden />
          </Button>
        </div>
      )}
    </nav>
  )
}
