import { CircleAlert, TriangleAlert } from 'lucide-react'
import { useId } from 'react'
import { type UseFormReturn, useController } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import type { ImportColumnOut } from '@/api'
import { SelectField } from '@/components/form/fields'
import { Select } from '@/components/ui/select'
import { type ColumnChoice, FIELDS, isUnlikely, samplesOf } from '../upload'

interface ColumnRowProps {
  form: UseFormReturn<ColumnChoice>
  index: number
  column: ImportColumnOut
  hasHeadings: boolean
  /** By what the owner knows the column. */
  name: string
  /** It was chosen for the end of access. */
  onEnding: () => void
}

/** A column: by what it is known, its first values, and what it says. */
export function ColumnRow({ form, index, column, hasHeadings, name, onEnding }: ColumnRowProps) {
  const { t } = useTranslation('imports')
  const id = useId()
  const { field, fieldState } = useController({ control: form.control, name: `columns.${index}.field` })
  const samples = samplesOf(column, hasHeadings)
  const error = fieldState.error?.message
  const isDoubtful = isUnlikely(field.value, samples)
  return (
    <li className="grid gap-x-6 gap-y-2 py-4 sm:grid-cols-2">
      <div className="min-w-0">
        <label htmlFor={id} className="font-medium break-words">
          {name}
        </label>
        <ul id={`${id}-samples`} className="mt-1 text-muted-foreground">
          {samples.map((sample) => (
            <li key={sample} className="truncate">
              {sample}
            </li>
          ))}
          {samples.length === 0 && <li>{t('mapping.blank')}</li>}
        </ul>
      </div>
      <div className="min-w-0 space-y-3">
        <div>
          <Select
            {...field}
            id={id}
            aria-describedby={`${id}-samples ${id}-remark`}
            aria-invalid={error !== undefined}
            choices={[
              { value: '', label: t('mapping.nothing') },
              ...FIELDS.map((value) => ({ value, label: t(`mapping.fields.${value}`) })),
            ]}
            onChange={(event) => {
              field.onChange(event)
              if (event.target.value === 'ends_at') onEnding()
            }}
          />
          <div id={`${id}-remark`} role="status">
            {error !== undefined && (
              <p className="mt-1.5 flex items-start gap-1.5 text-danger">
                <CircleAlert className="mt-0.5 size-4 shrink-0" aria-hidden />
                {error}
              </p>
            )}
            {isDoubtful && (
              <p className="mt-1.5 flex items-start gap-1.5 text-warning">
                <TriangleAlert className="mt-0.5 size-4 shrink-0" aria-hidden />
                {t(`mapping.unlikely.${field.value as 'telegram_id'}`)}
              </p>
            )}
          </div>
        </div>
        {field.value === 'ends_at' && column.date_hint !== null && (
          <SelectField
            control={form.control}
            name="date_order"
            label={t('mapping.order')}
            hint={column.date_hint === 'either' ? t('mapping.orderUnknown') : undefined}
            choices={(['day_first', 'month_first'] as const).map((value) => ({
              value,
              label: t(`mapping.orders.${value}`),
            }))}
          />
        )}
      </div>
    </li>
  )
}
