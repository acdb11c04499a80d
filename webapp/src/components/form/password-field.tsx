import { Eye, EyeOff } from 'lucide-react'
import { useState } from 'react'
import { type Control, type FieldPath, type FieldValues, useController } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { Input } from '@/components/ui/input'
import { Field, type FieldTexts } from './field'

interface PasswordFieldProps<Values extends FieldValues, Output> extends FieldTexts {
  control: Control<Values, unknown, Output>
  name: FieldPath<Values>
  autoComplete: string
}

/** A secret that can be looked at while it is typed. */
export function PasswordField<Values extends FieldValues, Output>({
  control,
  name,
  autoComplete,
  ...texts
}: PasswordFieldProps<Values, Output>) {
  const { t } = useTranslation()
  const { field, fieldState } = useController<Values, FieldPath<Values>, Output>({ control, name })
  const [isShown, setIsShown] = useState(false)
  const Icon = isShown ? EyeOff : Eye
  return (
    <Field {...texts} error={fieldState.error && (fieldState.error.message ?? '')}>
      {(aria) => (
        <div className="relative">
          <Input
            {...aria}
            {...field}
            value={field.value ?? ''}
            type={isShown ? 'text' : 'password'}
            autoComplete={autoComplete}
            autoCapitalize="off"
            spellCheck={false}
            className="pr-10"
          />
          <button
            type="button"
            aria-label={t(isShown ? 'form.hidePassword' : 'form.showPassword')}
            aria-pressed={isShown}
            onClick={() => setIsShown(!isShown)}
            className="absolute inset-y-0 right-0 flex w-10 items-center justify-center rounded-md text-muted-foreground hover:text-foreground"
          >
            <Icon className="size-4" aria-hidden />
          </button>
        </div>
      )}
    </Field>
  )
}
