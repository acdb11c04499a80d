import { useTranslation } from 'react-i18next'
import { SelectField } from '@/components/form/fields'
import { useTenant } from '@/lib/tenancy'
import type { DraftControl } from '../draft'
import { clock } from '../hours'

const hours = (from: number, until: number) =>
  Array.from({ length: until - from + 1 }, (_, index) => ({
    value: String(from + index),
    label: clock(from + index),
  }))

/** The hours of the tenant's day in which people are written to. */
export function HoursFields({ control }: { control: DraftControl }) {
  const { t } = useTranslation('broadcasts')
  const { time_zone } = useTenant()
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1.5 font-medium">{t('hours.title')}</legend>
      <div className="grid grid-cols-2 gap-4 sm:max-w-xs">
        <SelectField control={control} name="from_hour" label={t('hours.from')} choices={hours(0, 23)} />
        <SelectField control={control} name="until_hour" label={t('hours.until')} choices={hours(1, 24)} />
      </div>
      <p className="mt-1.5 text-muted-foreground">{t('hours.hint', { zone: time_zone })}</p>
    </fieldset>
  )
}
