import { Trash2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { PlanOut } from '@/api'
import { ChecksField, NumberField, SelectField } from '@/components/form/fields'
import { Button } from '@/components/ui/button'
import type { SeriesControl, StepValues } from '../series'

const KINDS = ['percent', 'extra_days'] as const

interface StepFieldsProps {
  control: SeriesControl
  index: number
  kind: StepValues['discount_kind']
  plans: PlanOut[]
  onRemove: (() => void) | undefined
}

/** One step: when, what, for how long, and for which plans. */
export function StepFields({ control, index, kind, plans, onRemove }: StepFieldsProps) {
  const { t } = useTranslation('win-backs')
  const number = index + 1
  return (
    <fieldset className="min-w-0 space-y-4 rounded-lg border p-4 pt-2">
      <legend className="px-1 font-medium">{t('step', { number })}</legend>
      <div className="grid gap-4 sm:grid-cols-2">
        <NumberField
          control={control}
          name={`steps.${index}.after_days`}
          label={t('after')}
          min={1}
          max={366}
        />
        <SelectField
          control={control}
          name={`steps.${index}.discount_kind`}
          label={t('kind')}
          choices={KINDS.map((value) => ({ value, label: t(`kinds.${value}`) }))}
        />
        <NumberField
          control={control}
          name={`steps.${index}.discount_value`}
          label={t(kind === 'percent' ? 'percent' : 'days')}
          min={1}
          max={kind === 'percent' ? 100 : 366}
        />
        <NumberField
          control={control}
          name={`steps.${index}.valid_days`}
          label={t('valid')}
          min={1}
          max={90}
        />
      </div>
      <div className="flex flex-wrap items-start justify-between gap-2">
        <details className="min-w-0 flex-1">
          <summary className="cursor-pointer py-1 text-muted-foreground">{t('plans')}</summary>
          <ChecksField
            className="mt-3"
            control={control}
            name={`steps.${index}.plan_ids`}
            label={t('plans')}
            hint={t('plansHint')}
            choices={plans.map(({ id, title }) => ({ value: id, label: title }))}
          />
        </details>
        {onRemove !== undefined && (
          <Button variant="ghost" size="sm" className="-my-1" onClick={onRemove}>
            <Trash2 aria-hidden />
            {t('remove', { number })}
          </Button>
        )}
      </div>
    </fieldset>
  )
}
