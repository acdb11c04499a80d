import { useEffect } from 'react'
import type { DefaultValues, FieldValues, Path, UseFormReturn } from 'react-hook-form'
import { takeIn } from './use-newest'

/**
 * Lets a form that stays open follow what is stored, as long as nothing that it shows was changed under the person's hands:
 * two forms of one page store parts of one thing. What was changed elsewhere in a field that is shown is left to the
 * server to refuse. `stored` keeps its identity between renders.
 */
export function useFollow<Values extends FieldValues & { version?: unknown }, Output>(
  form: UseFormReturn<Values, unknown, Output>,
  stored: DefaultValues<Values>,
  shown: readonly Path<Values>[],
): void {
  useEffect(() => {
    const read = form.formState.defaultValues
    if (read?.version === stored.version) return
    const typed = form.getValues()
    const isUntouched = shown.every((name) => isEqual(typed[name], read?.[name]))
    const isTheSame = shown.every((name) => isEqual(stored[name], read?.[name]))
    if (isUntouched || isTheSame) takeIn(form, stored)
  }, [form, stored, shown])
}

function isEqual(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
