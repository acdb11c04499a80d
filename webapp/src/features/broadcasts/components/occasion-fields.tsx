import { useTranslation } from 'react-i18next'
import { NumberField, SelectField } from '@/components/form/fields'
import { useHasFeature } from '@/lib/tenancy'
import type { DraftControl } from '../draft'
import { DELAY_UNITS, OCCASIONS, type Occasion, isByItself } from '../occasion'
import { SeriesWords } from './series-words'

interface OccasionFieldsProps {
  control: DraftControl
  occasion: Occasion
}

/** Whether a broadcast goes once, again and again, or by itself when something happens to a person. */
export function OccasionFields({ control, occasion }: OccasionFieldsProps) {
  const { t } = useTranslation('broadcasts')
  const hasTriggers = useHasFeature('triggers')
  const choices = OCCASIONS.filter((one) => hasTriggers || one === occasion || !isByItself({ occasion: one }))
  return (
    <>
      <SelectField
        control={control}
        name="occasion"
        label={t('occasion.title')}
        hint={<SeriesWords of={`occasion.hints.${occasion}`} />}
        choices={choices.map((value) => ({ value, label: t(`occasion.choices.${value}`) }))}
      />
      {isByItself({ occasion }) && (
        <fieldset className="min-w-0">
          <legend className="mb-1.5 font-medium">{t('delay.title')}</legend>
          <div className="grid grid-cols-2 gap-4 sm:max-w-xs">
            <NumberField control={control} name="delay" label={t('delay.count')} min={0} />
            <SelectField
              control={control}
              name="delay_unit"
              label={t('delay.unit')}
              choices={DELAY_UNITS.map((value) => ({ value, label: t(`delay.units.${value}`) }))}
            />
          </div>
          <p className="mt-1.5 text-muted-foreground">{t('delay.hint')}</p>
        </fieldset>
      )}
    </>
  )
}
