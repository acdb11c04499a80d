import { useTranslation } from 'react-i18next'
import { DateRange } from '@/components/data-table/date-range'
import type { ListUrl } from '../list-url'

/** On which days people came. */
export function CameFilter({ url: { value, set } }: { url: ListUrl }) {
  const { t } = useTranslation('subscribers')
  return (
    <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
      <span aria-hidden className="text-muted-foreground">
        {t('filters.came')}
      </span>
      <DateRange
        label={t('filters.came')}
        from={value.came_from}
        until={value.came_until}
        onChange={({ from, until }) => set({ came_from: from, came_until: until })}
      />
    </div>
  )
}
