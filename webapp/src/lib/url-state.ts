/** Filters, sorting and pages live in the URL: a page describes its parameters once and gets them typed. */
import { useCallback, useMemo } from 'react'
import { useSearchParams } from 'react-router-dom'

export interface Param<Value> {
  /** Reads what the URL says; anything that makes no sense is the default. */
  read(text: string | null): Value
  /** Nothing for the default, which is left out of the URL. */
  write(value: Value): string | undefined
}

export type Schema = Record<string, Param<unknown>>
export type StateOf<S extends Schema> = {
  [Name in keyof S]: S[Name] extends Param<infer Value> ? Value : never
}

export function text(fallback = ''): Param<string> {
  return { read: (found) => found ?? fallback, write: (value) => (value === fallback ? undefined : value) }
}

export function oneOf<const Value extends string>(values: readonly Value[]): Param<Value | undefined>
export function oneOf<const Value extends string>(values: readonly Value[], fallback: Value): Param<Value>
export function oneOf<Value extends string>(
  values: readonly Value[],
  fallback?: Value,
): Param<Value | undefined> {
  return {
    read: (found) => values.find((value) => value === found) ?? fallback,
    write: (value) => (value === fallback ? undefined : value),
  }
}

export function integer(fallback: number, { min = 1, max = 100_000 } = {}): Param<number> {
  return {
    read: (found) => {
      const number = Number(found)
      return found !== null && Number.isInteger(number) && number >= min && number <= max ? number : fallback
    },
    write: (value) => (value === fallback ? undefined : String(value)),
  }
}

export function flag(): Param<boolean | undefined> {
  return {
    read: (found) => (found === 'yes' ? true : found === 'no' ? false : undefined),
    write: (value) => (value === undefined ? undefined : value ? 'yes' : 'no'),
  }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
export function id(): Param<string | undefined> {
  return { read: (found) => (found && UUID.test(found) ? found : undefined), write: (value) => value }
}

/** A calendar day, `2026-11-25`. */
export function day(): Param<string | undefined> {
  return {
    read: (found) =>
      found && /^\d{4}-\d{2}-\d{2}$/.test(found) && !isNaN(Date.parse(found)) ? found : undefined,
    write: (value) => value,
  }
}

export interface UrlState<S extends Schema> {
  value: StateOf<S>
  /** Any other change than of the page begins at the first page again. */
  set(changes: Partial<StateOf<S>>, options?: { replace?: boolean }): void
  reset: () => void
  /** Something other than page, size and sorting differs from its default. */
  isFiltered: boolean
}

const NO_FILTERS = new Set(['page', 'size', 'sort'])

/** `schema` must be defined outside the component. */
export function useUrlState<S extends Schema>(schema: S): UrlState<S> {
  const [params, setParams] = useSearchParams()
  const value = useMemo(
    () =>
      Object.fromEntries(Object.entries(schema).map(([name, param]) => [name, param.read(params.get(name))])),
    [params, schema],
  ) as StateOf<S>
  const set = useCallback(
    (changes: Partial<StateOf<S>>, { replace = false } = {}) => {
      setParams(
        (current) => {
          const next = new URLSearchParams(current)
          if (!('page' in changes)) next.delete('page')
          for (const [name, changed] of Object.entries(changes)) {
            const written = schema[name]?.write(changed)
            if (written === undefined || written === '') next.delete(name)
            else next.set(name, written)
          }
          return next
        },
        { replace },
      )
    },
    [schema, setParams],
  )
  const reset = useCallback(() => setParams({}), [setParams])
  const isFiltered = Object.keys(schema).some(
    (name) => !NO_FILTERS.has(name) && schema[name]?.write(value[name as keyof S]) !== undefined,
  )
  return { value, set, reset, isFiltered }
}
