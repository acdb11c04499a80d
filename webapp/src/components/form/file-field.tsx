import { FileUp } from 'lucide-react'
import { type Control, type FieldPath, type FieldValues, useController } from 'react-hook-form'
import { Field, type FieldTexts } from './field'

interface FileFieldProps<Values extends FieldValues, Output> extends FieldTexts {
  control: Control<Values, unknown, Output>
  name: FieldPath<Values>
  /** Which files the window offers: `.csv,.json`. */
  accept: string
  /** What the button says, and what stands beside it before anything is chosen. */
  words: { choose: string; none: string }
}

/**
 * One file. The browser keeps what was chosen; the form has the file itself.
 *
 * The browser's own button speaks the browser's language: it lies unseen above words in the page's.
 */
export function FileField<Values extends FieldValues, Output>(props: FileFieldProps<Values, Output>) {
  const { control, name, accept, words, label, hint, isOptional, className } = props
  const { field, fieldState } = useController<Values, FieldPath<Values>, Output>({ control, name })
  const error = fieldState.error && (fieldState.error.message ?? '')
  const chosen = field.value as File | null | undefined
  return (
    <Field label={label} hint={hint} isOptional={isOptional} className={className} error={error}>
      {(aria) => (
        <div className="relative flex min-h-9 items-center overflow-hidden rounded-md border border-input bg-card text-sm focus-within:outline-2 focus-within:outline-ring hover:bg-hover">
          <span className="flex min-h-9 shrink-0 items-center gap-2 border-r border-input bg-muted px-3 font-medium">
            <FileUp className="size-4" aria-hidden />
            {words.choose}
          </span>
          <span className="min-w-0 truncate px-3 text-muted-foreground" aria-hidden>
            {chosen ? chosen.name : words.none}
          </span>
          <input
            {...aria}
            type="file"
            accept={accept}
            name={field.name}
            ref={field.ref}
            onBlur={field.onBlur}
            onChange={({ target }) => field.onChange(target.files?.[0] ?? null)}
            className="absolute inset-0 cursor-pointer opacity-0"
          />
        </div>
      )}
    </Field>
  )
}
