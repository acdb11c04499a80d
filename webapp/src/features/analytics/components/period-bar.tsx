import { useTranslation } from 'react-i18next'
import { DateRange } from '@/components/data-table/date-range'
import { Select } from '@/components/ui/select'
import { BUCKETS, PERIODS, type PeriodName, type PeriodUrl } from '../period'
import type { Asked } from '../use-figures'

interface PeriodBarProps {
  url: PeriodUrl
  asked: Asked
  /** Whether the figures at hand are series. */
  hasBucket?: boolean
}

export function PeriodBar({ url, asked, hasBucket = true }: PeriodBarProps) {
  const { t } = useTranslation('analytics')
  const { period, from, until } = url.value
  const choosePeriod = (chosen: PeriodName) =>
    url.set({
      period: chosen,
      // What was shown is where one's own days begin from.
      from: chosen === 'custom' ? asked.first_day : undefined,
      until: chosen === 'custom' ? asked.last_day : undefined,
      bucket: undefined,
    })
  return (
    <div role="group" aria-label={t('period.label')} className="flex flex-wrap items-center gap-2">
      {period === 'custom' && (
        <DateRange
          label={t('period.label')}
          from={from}
          until={until}
          onChange={(days) => url.set({ ...days, bucket: undefined })}
        />
      )}
      <Select
        className="w-auto min-w-36"
        aria-label={t('period.label')}
        value={period}
        onChange={(event) => choosePeriod(event.target.value as PeriodName)}
        choices={PERIODS.map((value) => ({ value, label: t(`period.names.${value}`) }))}
      />
      {hasBucket && (
        <Select
          className="w-auto min-w-32"
          aria-label={t('period.bucket')}
          value={asked.bucket}
          onChange={(event) => url.set({ bucket: event.target.value as Asked['bucket'] })}
          choices={BUCKETS.map((value) => ({ value, label: t(`period.buckets.${value}`) }))}
        />
      )}
    </div>
  )
}
