import { type Control, type FieldPath, type FieldValues, useController } from 'react-hook-form'
import { Field, type FieldTexts } from './field'

interface FileFieldProps<Values extends FieldValues, Output> extends FieldTexts {
  control: Control<Values, unknown, Output>
  name: FieldPath<Values>
  /** Which files the window offers: `.csv,.json`. */
  accept: string
}

/** One file. The browser keeps what was chosen; the form has the file itself. */
export function FileField<Values extends FieldValues, Output>(props: FileFieldProps<Values, Output>) {
  const { control, name, accept, label, hint, isOptional, className } = props
  const { field, fieldState } = useController<Values, FieldPath<Values>, Output>({ control, name })
  const error = fieldState.error && (fieldState.error.message ?? '')
  return (
    <Field label={label} hint={hint} isOptional={isOptional} className={className} error={error}>
      {(aria) => (
        <input
          {...aria}
          type="file"
          accept={accept}
          name={field.name}
          ref={field.ref}
          onBlur={field.onBlur}
          onChange={({ target }) => field.onChange(target.files?.[0] ?? null)}
          className="block w-full min-w-0 rounded-md border border-input bg-card text-sm file:mr-3 file:min-h-9 file:border-0 file:border-r file:bg-muted file:px-3 file:font-medium file:text-foreground"
        />
      )}
    </Field>
  )
}
