import { useWatch } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { SelectField } from '@/components/form/fields'
import { useTenant } from '@/lib/tenancy'
import type { DraftControl } from '../draft'
import { clock, isAlways } from '../hours'
import { type Occasion, isByItself } from '../occasion'

const hours = (from: number, until: number) =>
  Array.from({ length: until - from + 1 }, (_, index) => ({
    value: String(from + index),
    label: clock(from + index),
  }))

interface HoursFieldsProps {
  control: DraftControl
  occasion: Occasion
}

/** The hours in which people are written to: of their own day, if it goes to each by itself, else of the tenant's. */
export function HoursFields({ control, occasion }: HoursFieldsProps) {
  const { t } = useTranslation('broadcasts')
  const { time_zone } = useTenant()
  const [from, until] = useWatch({ control, name: ['from_hour', 'until_hour'] })
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1.5 font-medium">{t('hours.title')}</legend>
      <div className="grid grid-cols-2 gap-4 sm:max-w-xs">
        <SelectField control={control} name="from_hour" label={t('hours.from')} choices={hours(0, 23)} />
        <SelectField control={control} name="until_hour" label={t('hours.until')} choices={hours(1, 24)} />
      </div>
      <p className="mt-1.5 text-muted-foreground">
        {isAlways({ from_hour: Number(from), until_hour: Number(until) })
          ? t('hours.hintAlways')
          : t(isByItself({ occasion }) ? 'hours.hintByItself' : 'hours.hint', { zone: time_zone })}
      </p>
    </fieldset>
  )
}
