/** Controls of a form made by `useServerForm`: `<TextField control={form.control} name="title" label={…} />`. */
import type { ComponentProps, ReactNode } from 'react'
import { type Control, type FieldPath, type FieldValues, useController } from 'react-hook-form'
import { Checkbox } from '@/components/ui/checkbox'
import { Input } from '@/components/ui/input'
import { type Choice, Select } from '@/components/ui/select'
import { Switch } from '@/components/ui/switch'
import { Textarea } from '@/components/ui/textarea'
import { fieldText } from '@/i18n/problem-text'
import { Field, type FieldTexts } from './field'
import { MoneyInput } from './money-input'

interface Bound<Values extends FieldValues, Output> extends FieldTexts {
  control: Control<Values, unknown, Output>
  name: FieldPath<Values>
}

type Own<Element extends 'input' | 'textarea'> = Omit<
  ComponentProps<Element>,
  'name' | 'value' | 'onChange' | 'defaultValue' | 'ref'
>

function useBound<Values extends FieldValues, Output>({ control, name }: Bound<Values, Output>) {
  const { field, fieldState } = useController<Values, FieldPath<Values>, Output>({ control, name })
  return { field, error: fieldState.error && (fieldState.error.message ?? ''), fault: fieldState.error?.type }
}

export function TextField<Values extends FieldValues, Output>(props: Bound<Values, Output> & Own<'input'>) {
  const { control, name, label, hint, isOptional, className, ...rest } = props
  const { field, error } = useBound({ control, name, label })
  return (
    <Field {...{ label, hint, isOptional, className, error }}>
      {(aria) => <Input {...rest} {...aria} {...field} value={field.value ?? ''} />}
    </Field>
  )
}

export function TextareaField<Values extends FieldValues, Output>(
  props: Bound<Values, Output> & Own<'textarea'>,
) {
  const { control, name, label, hint, isOptional, className, ...rest } = props
  const { field, error } = useBound({ control, name, label })
  return (
    <Field {...{ label, hint, isOptional, className, error }}>
      {(aria) => <Textarea {...rest} {...aria} {...field} value={field.value ?? ''} />}
    </Field>
  )
}

/** A whole number. An empty field is null: of undefined the library makes the default again. */
export function NumberField<Values extends FieldValues, Output>(props: Bound<Values, Output> & Own<'input'>) {
  const { control, name, label, hint, isOptional, className, ...rest } = props
  const { field, error } = useBound({ control, name, label })
  const value = field.value as number | null | undefined
  return (
    <Field {...{ label, hint, isOptional, className, error }}>
      {(aria) => (
        <Input
          inputMode="numeric"
          {...rest}
          {...aria}
          {...field}
          type="number"
          value={value === undefined || Number.isNaN(value) ? '' : (value ?? '')}
          onChange={({ target }) => {
            // What is typed and is no number is an empty value with a remark of the browser's.
            const isBlank = target.value === '' && !target.validity.badInput
            field.onChange(isBlank ? null : target.valueAsNumber)
          }}
        />
      )}
    </Field>
  )
}

export function SelectField<Values extends FieldValues, Output>(
  props: Bound<Values, Output> & {
    choices: readonly Choice[]
    disabled?: boolean
    onChosen?: (value: string) => void
  },
) {
  const { control, name, label, hint, isOptional, className, choices, disabled, onChosen } = props
  const { field, error } = useBound({ control, name, label })
  return (
    <Field {...{ label, hint, isOptional, className, error }}>
      {(aria) => (
        <Select
          {...aria}
          {...field}
          disabled={disabled}
          value={field.value ?? ''}
          choices={choices}
          onChange={(event) => {
            field.onChange(event.target.value)
            onChosen?.(event.target.value)
          }}
        />
      )}
    </Field>
  )
}

/** A sum in minor units, typed as people type sums. */
export function MoneyField<Values extends FieldValues, Output>(
  props: Bound<Values, Output> & { currency: string; placeholder?: string },
) {
  const { control, name, label, hint, isOptional, className, currency, placeholder } = props
  const { field, error, fault } = useBound({ control, name, label })
  const said = error === undefined ? undefined : (moneyText(field.value, fault) ?? error)
  return (
    <Field {...{ label, hint, isOptional, className, error: said }}>
      {(aria) => (
        <MoneyInput
          {...aria}
          ref={field.ref}
          name={field.name}
          currency={currency}
          placeholder={placeholder}
          value={field.value}
          onChange={field.onChange}
          onBlur={field.onBlur}
        />
      )}
    </Field>
  )
}

/** Limits of sums are minor units, which nobody types: the words for them name none. */
function moneyText(value: unknown, fault: string | undefined): string | undefined {
  if (Number.isNaN(value)) return fieldText('money')
  if (fault === 'too_big') return fieldText('money_too_big')
  if (fault !== 'too_small') return undefined
  return fieldText(typeof value === 'number' && value < 0 ? 'money_negative' : 'must_be_positive')
}

export function SwitchField<Values extends FieldValues, Output>(props: Bound<Values, Output>) {
  const { control, name, label, hint, className } = props
  const { field } = useBound({ control, name, label })
  return (
    <ToggleLine label={label} hint={hint} className={className} name={name}>
      {(aria) => (
        <Switch
          {...aria}
          ref={field.ref}
          checked={field.value === true}
          onCheckedChange={field.onChange}
          onBlur={field.onBlur}
        />
      )}
    </ToggleLine>
  )
}

interface ToggleLineProps {
  label: string
  hint?: ReactNode
  className?: string | undefined
  name: string
  children: (aria: { id: string; 'aria-describedby': string | undefined }) => ReactNode
}

function ToggleLine({ label, hint, className, name, children }: ToggleLineProps) {
  const id = `toggle-${name}`
  return (
    <div className={className}>
      <div className="flex items-start justify-between gap-4">
        <div className="min-w-0">
          <label htmlFor={id} className="font-medium">
            {label}
          </label>
          {hint !== undefined && (
            <div id={`${id}-hint`} className="mt-0.5 text-muted-foreground">
              {hint}
            </div>
          )}
        </div>
        {children({ id, 'aria-describedby': hint === undefined ? undefined : `${id}-hint` })}
      </div>
    </div>
  )
}

interface ChecksChoice extends Choice {
  description?: ReactNode
}

/** Any number of several: channels of a plan, plans of a promo code. */
export function ChecksField<Values extends FieldValues, Output>(
  props: Bound<Values, Output> & { choices: readonly ChecksChoice[]; empty?: ReactNode },
) {
  const { control, name, label, hint, className, choices, empty } = props
  const { field, error } = useBound({ control, name, label })
  const chosen = (field.value as string[] | undefined) ?? []
  const toggle = (value: string) =>
    field.onChange(chosen.includes(value) ? chosen.filter((known) => known !== value) : [...chosen, value])
  const errorId = `${name}-error`
  return (
    <fieldset className={className} aria-describedby={error === undefined ? undefined : errorId}>
      <legend className="mb-1.5 font-medium">{label}</legend>
      {hint !== undefined && <div className="mb-2 text-muted-foreground">{hint}</div>}
      {choices.length === 0 ? (
        empty
      ) : (
        <div className="divide-y rounded-md border">
          {choices.map((choice, index) => (
            <label
              key={choice.value}
              htmlFor={`${name}-${choice.value}`}
              className="flex items-start gap-3 px-3 py-2.5 hover:bg-hover/50"
            >
              <Checkbox
                ref={index === 0 ? field.ref : undefined}
                id={`${name}-${choice.value}`}
                disabled={choice.disabled}
                checked={chosen.includes(choice.value)}
                onCheckedChange={() => toggle(choice.value)}
                className="mt-0.5"
              />
              <span className="min-w-0">
                <span className="block">{choice.label}</span>
                {choice.description !== undefined && (
                  <span className="block text-muted-foreground">{choice.description}</span>
                )}
              </span>
            </label>
          ))}
        </div>
      )}
      {error !== undefined && (
        <p id={errorId} className="mt-1.5 text-danger">
          {error}
        </p>
      )}
    </fieldset>
  )
}
