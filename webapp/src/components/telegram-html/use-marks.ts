import type { KeyboardEvent, RefObject } from 'react'
import { findMark, putAround } from './marks'

/** Writes marks and variables into a field, where the cursor is: for the bar above it, and for its keys. */
export function useMarks(
  area: RefObject<HTMLTextAreaElement>,
  text: string,
  onChange: (text: string) => void,
) {
  const put = (before: string, after = '') => {
    const field = area.current
    if (!field) return
    const marked = putAround(text, field.selectionStart, field.selectionEnd, before, after)
    onChange(marked.text)
    requestAnimationFrame(() => {
      field.focus()
      field.setSelectionRange(marked.start, marked.end)
    })
  }
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    const mark = findMark(event)
    if (!mark || event.currentTarget.readOnly) return
    event.preventDefault()
    put(mark.before, mark.after)
  }
  return { put, onKeyDown }
}
