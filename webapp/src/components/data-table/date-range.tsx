import { useTranslation } from 'react-i18next'
import { Input } from '@/components/ui/input'

interface DateRangeProps {
  label: string
  /** Days, `2026-11-25`; the end is included. */
  from: string | undefined
  until: string | undefined
  onChange: (range: { from: string | undefined; until: string | undefined }) => void
}

/** Two days; each may be open. `dayRange` makes moments of them. */
export function DateRange({ label, from, until, onChange }: DateRangeProps) {
  const { t } = useTranslation()
  return (
    <div role="group" aria-label={label} className="flex items-center gap-1.5">
      <Input
        type="date"
        className="w-36"
        aria-label={`${label}: ${t('filters.from')}`}
        value={from ?? ''}
        max={until}
        onChange={(event) => onChange({ from: event.target.value || undefined, until })}
      />
      <span aria-hidden className="text-muted-foreground">
        –
      </span>
      <Input
        type="date"
        className="w-36"
        aria-label={`${label}: ${t('filters.until')}`}
        value={until ?? ''}
        min={from}
        onChange={(event) => onChange({ from, until: event.target.value || undefined })}
      />
    </div>
  )
}
