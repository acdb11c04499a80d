import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, createElement, useState } from 'react'
import { problemText } from '@/i18n/problem-text'
import { notify } from '@/lib/notify'
import { toProblem } from '@/lib/problem'
import { useTenant } from '@/lib/tenancy'
import { TextChangedMeanwhile } from './text-changed-meanwhile'

export interface VersionedText {
  text: string
  version: string
}

interface TextEditOptions {
  /** What the page was given; a new object when it changes. */
  stored: VersionedText
  send: (typed: VersionedText) => Promise<VersionedText>
  /** What is stored now, when `send` says that it was changed meanwhile. */
  newest: () => Promise<VersionedText>
  /** Said in a toast. */
  done?: string
}

/**
 * One text that is edited where it is shown. What is typed belongs to the version that it was typed over; when that is
 * not stored any more, the other's text is shown beside it, and the person decides which of the two it shall be.
 */
export function useTextEdit({ stored, send, newest, done }: TextEditOptions) {
  const { id } = useTenant()
  const client = useQueryClient()
  const [typed, setTyped] = useState<VersionedText>()
  const [theirs, setTheirs] = useState<VersionedText>()
  // Until the page is given it too, what was saved stands in place of what it replaced.
  const [saved, setSaved] = useState<{ over: VersionedText; is: VersionedText }>()
  const base = saved?.over === stored ? saved.is : stored
  const reload = () => client.invalidateQueries({ queryKey: [id] })
  const mutation = useMutation({
    mutationFn: send,
    onSuccess: (is, sent) => {
      setSaved({ over: stored, is })
      setTheirs(undefined)
      setTyped((now) =>
        now === undefined || now.text === sent.text ? undefined : { ...now, version: is.version },
      )
      void reload()
      if (done !== undefined) notify.success(done)
    },
    onError: async (error) => {
      const problem = toProblem(error)
      try {
        if (problem.code === 'changed_meanwhile') setTheirs(await newest())
        else if (problem.code !== 'not_signed_in') notify.error(problemText(problem))
      } catch (failure) {
        notify.error(problemText(toProblem(failure)))
      }
    },
  })
  const { mutate, isPending } = mutation
  const text = typed?.text ?? base.text
  const offer: ReactNode = theirs
    ? createElement(TextChangedMeanwhile, {
        stored: theirs.text,
        onKeepMine: () => mutate({ text, version: theirs.version }),
        onTakeTheirs: () => leave(),
        isPending,
      })
    : undefined
  const leave = () => {
    if (theirs) {
      setSaved({ over: stored, is: theirs })
      void reload()
    }
    setTheirs(undefined)
    setTyped(undefined)
  }
  return {
    text,
    isDirty: typed !== undefined && typed.text !== base.text,
    isPending,
    offer,
    change: (next: string) => setTyped((now) => ({ text: next, version: now?.version ?? base.version })),
    leave,
    save: () => typed && mutate(typed),
  }
}
