import { useMutation } from '@tanstack/react-query'
import { type ReactNode, createElement, useState } from 'react'
import type { DefaultValues, FieldValues, Path, UseFormReturn } from 'react-hook-form'
import { i18n } from '@/i18n'
import { problemText } from '@/i18n/problem-text'
import { notify } from '@/lib/notify'
import { toProblem } from '@/lib/problem'
import { ChangedMeanwhile } from './changed-meanwhile'

/**
 * What a form offers when the thing was changed elsewhere since it was opened: to take the newest into every field that
 * nobody touched here. The form holds the `version` that it was made from and sends it. `refuse` is told the code of each
 * failure, and says whether it was this one.
 */
export function useNewest<Values extends FieldValues, Output>(
  form: UseFormReturn<Values, unknown, Output>,
  newest: (() => Promise<DefaultValues<Values>>) | undefined,
) {
  const [isBehind, setIsBehind] = useState(false)
  const load = useMutation({
    mutationFn: async () => newest?.(),
    onSuccess: (values) => {
      if (values) takeIn(form, values)
      setIsBehind(false)
      notify.success(i18n.t('form.newestLoaded'))
    },
    onError: (error) => notify.error(problemText(toProblem(error))),
  })
  const offer: ReactNode = isBehind
    ? createElement(ChangedMeanwhile, { onLoad: () => load.mutate(), isPending: load.isPending })
    : undefined
  const refuse = (code: string) => {
    const isThis = code === 'changed_meanwhile' && newest !== undefined
    setIsBehind(isThis)
    return isThis
  }
  return { offer, refuse }
}

/** Puts what is stored now into every field of a form that nobody has touched. */
export function takeIn<Values extends FieldValues, Output>(
  form: UseFormReturn<Values, unknown, Output>,
  values: DefaultValues<Values>,
): void {
  const before = form.formState.defaultValues
  const typed = form.getValues()
  form.reset(values)
  for (const name of Object.keys(typed) as Path<Values>[]) {
    const isTouched = JSON.stringify(typed[name]) !== JSON.stringify(before?.[name])
    if (isTouched && name !== 'version') form.setValue(name, typed[name], { shouldDirty: true })
  }
}
