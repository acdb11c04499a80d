import { zodResolver } from '@hookform/resolvers/zod'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { createElement, useEffect, useState } from 'react'
import { flushSync } from 'react-dom'
import { type DefaultValues, type FieldPath, type FieldValues, useForm } from 'react-hook-form'
import type { z } from 'zod'
import { i18n } from '@/i18n'
import { fieldText, problemText } from '@/i18n/problem-text'
import { notify } from '@/lib/notify'
import { isOfBill, toProblem } from '@/lib/problem'
import { session } from '@/lib/session'
import { useMaybeTenant } from '@/lib/tenancy'
import { BillProblem } from './bill-problem'
import { useNewest } from './use-newest'
import './zod-texts'

interface ServerFormOptions<Values extends FieldValues, Output, Data> {
  /** The generated schema of the request, or one made of it. */
  schema: z.ZodType<Output, Values>
  defaults: NoInfer<DefaultValues<Values>>
  send: (values: Output) => Promise<{ data: Data }>
  /** Said in a toast. */
  done?: string
  onDone?: (data: Data) => void
  /** Where what was typed is kept when the session ends meanwhile. Not for forms with secrets. */
  draftKey?: string
  /** What is stored now, when `send` says that it was changed meanwhile; its `version` is a value of the form. */
  newest?: () => Promise<NoInfer<DefaultValues<Values>>>
  /** What the page does itself about a refusal with such a code, instead of showing words for it. */
  onRefused?: Record<string, () => void>
  /** The server's names of fields that are called otherwise here: `{ price: 'price_minor' }`. */
  serverNames?: Record<string, FieldPath<Values>>
  /** Words for a field where the server's code for it says too little alone. */
  wordsOf?: (field: string, code: string) => string | undefined
}

/** A form that is checked by the API's own schema, sends itself, and shows the server's errors at the fields they are about. */
export function useServerForm<Values extends FieldValues, Output, Data>(
  options: ServerFormOptions<Values, Output, Data>,
) {
  const { schema, defaults, send, done, onDone, draftKey, newest } = options
  const { onRefused = {}, serverNames = {}, wordsOf } = options
  const client = useQueryClient()
  const tenantId = useMaybeTenant()?.id
  const [draft] = useState(() => readDraft<Values>(draftKey))
  const form = useForm<Values, unknown, Output>({ resolver: zodResolver(schema), defaultValues: defaults })
  const { formState, getValues, reset, setError } = form
  const { offer, refuse } = useNewest(form, newest)

  useEffect(() => {
    if (!draft) return
    sessionStorage.removeItem(`draft.${draftKey ?? ''}`)
    reset({ ...getValues(), ...draft }, { keepDefaultValues: true })
  }, [draft, draftKey, getValues, reset])

  const { isDirty } = formState
  useEffect(
    () =>
      session.subscribe(() => {
        if (draftKey !== undefined && isDirty && session.hasEnded())
          sessionStorage.setItem(`draft.${draftKey}`, JSON.stringify(getValues()))
      }),
    [draftKey, getValues, isDirty],
  )

  const mutation = useMutation({
    mutationFn: async (values: Output) => (await send(values)).data,
    onSuccess: (data) => {
      // Nothing is unsaved any more, and the guard has to know it before `onDone` leaves the page.
      flushSync(() => reset({ ...getValues(), ...versionOf(data) }))
      void client.invalidateQueries(tenantId === undefined ? undefined : { queryKey: [tenantId] })
      if (done !== undefined) notify.success(done)
      onDone?.(data)
    },
    onError: (error) => {
      const problem = toProblem(error)
      if (refuse(problem.code)) return
      const answer = onRefused[problem.code]
      if (answer) {
        answer()
        return
      }
      let isShown = false
      for (const [field, code] of Object.entries(problem.fields)) {
        const name = serverNames[field] ?? (field as FieldPath<Values>)
        if (!((name.split('.')[0] ?? '') in getValues())) continue
        // A bare `invalid` says less than the code of the whole: what is wrong, and what to do.
        const message =
          wordsOf?.(field, code) ?? (code === 'invalid' ? problemText(problem) : fieldText(code))
        setError(name, { type: 'server', message }, { shouldFocus: !isShown })
        isShown = true
      }
      if (isShown) return
      // Nothing is sent later by itself: whoever pays or changes a price wants to see it happen.
      const message = problem.kind === 'offline' ? i18n.t('form.offline') : problemText(problem)
      setError('root', { type: isOfBill(problem) ? 'bill' : 'server', message })
    },
  })
  const { root } = formState.errors
  return {
    form,
    onSubmit: form.handleSubmit((values) => mutation.mutate(values)),
    isPending: mutation.isPending,
    rootError:
      offer ??
      (root?.type === 'bill' ? createElement(BillProblem, { words: root.message ?? '' }) : root?.message),
  }
}

/** What is stored now is what the form is made from: it stays open and is sent again. */
function versionOf(data: unknown): { version?: string } {
  if (typeof data !== 'object' || data === null || !('version' in data)) return {}
  return typeof data.version === 'string' ? { version: data.version } : {}
}

function readDraft<Values>(key: string | undefined): Partial<Values> | undefined {
  if (key === undefined) return undefined
  try {
    const stored = sessionStorage.getItem(`draft.${key}`)
    return stored === null ? undefined : (JSON.parse(stored) as Partial<Values>)
  } catch {
    return undefined
  }
}
