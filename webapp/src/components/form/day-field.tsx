import { type Control, type FieldPath, type FieldValues, useController } from 'react-hook-form'
import { Input } from '@/components/ui/input'
import { Field, type FieldTexts } from './field'

interface DayFieldProps<Values extends FieldValues, Output> extends FieldTexts {
  control: Control<Values, unknown, Output>
  name: FieldPath<Values>
  min?: string
  max?: string
}

/** A calendar day, `2026-11-25`; `startOfDay` makes a moment of it. */
export function DayField<Values extends FieldValues, Output>(props: DayFieldProps<Values, Output>) {
  const { control, name, label, hint, isOptional, className, min, max } = props
  const { field, fieldState } = useController<Values, FieldPath<Values>, Output>({ control, name })
  const error = fieldState.error && (fieldState.error.message ?? '')
  return (
    <Field {...{ label, hint, isOptional, className, error }}>
      {(aria) => (
        <Input
          {...aria}
          {...field}
          type="date"
          min={min}
          max={max}
          value={(field.value as string | null) ?? ''}
        />
      )}
    </Field>
  )
}
