import { CircleAlert } from 'lucide-react'
import { type ReactNode, useId } from 'react'
import { useTranslation } from 'react-i18next'
import { cn } from '@/lib/cn'

export interface FieldTexts {
  label: string
  hint?: ReactNode
  isOptional?: boolean
  className?: string
}

export interface FieldAria {
  id: string
  'aria-describedby': string | undefined
  'aria-invalid': boolean
}

interface FieldProps extends FieldTexts {
  error?: string | undefined
  children: (aria: FieldAria) => ReactNode
}

/** A label, a control, a hint, and what is wrong with it, tied together for whoever listens to the page. */
export function Field({ label, hint, error, isOptional = false, className, children }: FieldProps) {
  const { t } = useTranslation()
  const id = useId()
  const described = [hint !== undefined && `${id}-hint`, error !== undefined && `${id}-error`]
    .filter(Boolean)
    .join(' ')
  return (
    <div className={cn('min-w-0', className)}>
      <label htmlFor={id} className="mb-1.5 block font-medium">
        {label}
        {isOptional && <span className="ml-1.5 font-normal text-muted-foreground">{t('form.optional')}</span>}
      </label>
      {children({ id, 'aria-describedby': described || undefined, 'aria-invalid': error !== undefined })}
      {hint !== undefined && (
        <div id={`${id}-hint`} className="mt-1.5 text-muted-foreground">
          {hint}
        </div>
      )}
      {error !== undefined && (
        <p id={`${id}-error`} className="mt-1.5 flex items-start gap-1.5 text-danger">
          <CircleAlert className="mt-0.5 size-4 shrink-0" aria-hidden />
          {error}
        </p>
      )}
    </div>
  )
}
