/** A file on its way from the form to its report: what is to be done with it, and what its columns say. */
import type { DateOrder, ImportColumnOut, ImportColumnsOut, ImportField } from '@/api'

/** In the order in which they are offered. */
export const FIELDS = [
  'telegram_id',
  'username',
  'name',
  'ends_at',
  'note',
  'tag',
] as const satisfies readonly ImportField[]

export interface ColumnChoice {
  /** Nothing where a column is passed over. */
  columns: { column: number; field: ImportField | '' }[]
  has_headings: boolean
  date_order: DateOrder
}

export interface Upload {
  file: File
  /** Of the file, in base64. */
  content: string
  plan_id: string
  grace_days: number
  layout: ImportColumnsOut
  /** What was said before, when the file is looked at again. */
  choice?: ColumnChoice | undefined
}

export function guessOf({ columns, has_headings }: ImportColumnsOut): ColumnChoice {
  const ending = columns.find(({ field }) => field === 'ends_at')
  return {
    columns: columns.map(({ column, field }) => ({ column, field: field ?? '' })),
    has_headings,
    date_order: orderOf(ending),
  }
}

/** How the dates of a column are probably meant: where they do not tell, as this country writes them. */
export function orderOf(column: ImportColumnOut | undefined): DateOrder {
  return column?.date_hint === 'month_first' ? 'month_first' : 'day_first'
}

/** The first values of a column; without headings its first line is one of them. */
export function samplesOf({ heading, samples }: ImportColumnOut, hasHeadings: boolean): string[] {
  return [...(hasHeadings || heading === '' ? [] : [heading]), ...samples].slice(0, 3)
}

const LOOKS: Partial<Record<ImportField | '', RegExp>> = {
  telegram_id: /^(user)?\d{1,16}(\.0)?$/i,
  username: /^(@|(https?:\/\/)?(t|telegram)\.me\/)?[a-z][a-z0-9_]{3,31}\/?$/i,
  ends_at: /^\d{1,4}[-./]\d{1,2}[-./]\d{1,4}/,
}

/** Whether no value of a column looks like what it is said to be. */
export function isUnlikely(field: ImportField | '', samples: string[]): boolean {
  const look = LOOKS[field]
  return look !== undefined && samples.length > 0 && !samples.some((sample) => look.test(sample))
}

// The last file only, as long as the window is open: its report leads back to its columns.
let last: { importId: string; upload: Upload } | undefined

export function keepUpload(importId: string, upload: Upload): void {
  last = { importId, upload }
}

export function findUpload(importId: string | undefined): Upload | undefined {
  return last !== undefined && last.importId === importId ? last.upload : undefined
}
