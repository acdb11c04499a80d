/** A broadcast as its editor holds it, and what the API takes. */
import type { Control } from 'react-hook-form'
import { z } from 'zod'
import type { BroadcastButtonIn, BroadcastChangeIn, BroadcastOut, BroadcastPreviewIn } from '@/api'
import { visibleLength } from '@/components/telegram-html/parse'
import {
  DELAY_UNITS,
  MAX_DELAY_MINUTES,
  OCCASIONS,
  REPEATS,
  TRIGGERS,
  delayOf,
  isByItself,
  minutesOf,
  occasionOf,
} from './occasion'

export const MEDIA = ['photo', 'video', 'document'] as const
export const CATEGORIES = ['news', 'offers', 'events'] as const
export const VARIABLES = ['name', 'plan', 'paid_until'] as const
export const TARGETS = ['url', 'plan_id', 'promo_code_id'] as const
export const MAX_BUTTONS = 20
const MAX_ROWS = 10
const MAX_IN_ROW = 4
const MESSAGE_LIMIT = 4096
const CAPTION_LIMIT = 1024
const LINK = /^(?:https?|tg):\/\/\S/i
const FILE_ID = /^[\x21-\x7e]{16,}$/

const MAX_TITLE = 128
/** What a copy is called in either language: a team reads in both. */
const COPY = /^(?:(?:Копия:|Copy of)\s+)+/i

const button = z.object({
  text: z.string().trim().min(1).max(64),
  target: z.enum(TARGETS),
  url: z.string().trim().max(512),
  plan_id: z.string(),
  promo_code_id: z.string(),
  /** In the row of the button before it. */
  is_beside: z.boolean(),
})

const shape = z.object({
  bot_id: z.string(),
  title: z.string().trim().min(1).max(MAX_TITLE),
  category: z.enum(CATEGORIES),
  text: z.string().max(8192),
  name_fallback: z.string().trim().max(64),
  plan_fallback: z.string().trim().max(64),
  paid_until_fallback: z.string().trim().max(64),
  medium_kind: z.enum(['none', ...MEDIA]),
  medium: z.string().trim().max(512),
  buttons: z.array(button).max(MAX_BUTTONS),
  query: z.string(),
  from_hour: z.string(),
  until_hour: z.string(),
  /** Once, again and again, or by itself: the API has no broadcast that does two of them. */
  occasion: z.enum(OCCASIONS),
  delay: z.int().min(0),
  delay_unit: z.enum(DELAY_UNITS),
  version: z.string().nullable(),
})

export type DraftValues = z.infer<typeof shape>
export type ButtonValues = DraftValues['buttons'][number]
export type DraftControl = Control<DraftValues, unknown, DraftValues>

/** How many UTF-16 units of visible text there is room for. */
export function limitOf({ medium_kind }: Pick<DraftValues, 'medium_kind'>): number {
  return medium_kind === 'none' ? MESSAGE_LIMIT : CAPTION_LIMIT
}

function isMedium(medium: string): boolean {
  return medium.includes('://') ? medium.startsWith('https://') : FILE_ID.test(medium)
}

function hasTarget(values: ButtonValues): boolean {
  return values.target === 'url' ? LINK.test(values.url) : values[values.target] !== ''
}

export const draftSchema = shape.superRefine((values, context) => {
  const refuse = (code: string, ...path: (string | number)[]) =>
    context.addIssue({ code: 'custom', params: { code }, path, input: values })
  const length = visibleLength(values.text)
  if (values.text.trim() === '' || length === 0) refuse('required', 'text')
  else if (length > limitOf(values))
    refuse(values.medium_kind === 'none' ? 'message_too_long' : 'caption_too_long', 'text')
  if (values.medium_kind !== 'none' && !isMedium(values.medium)) refuse('medium_invalid', 'medium')
  if (Number(values.from_hour) >= Number(values.until_hour)) refuse('before_from_hour', 'until_hour')
  if (isByItself(values) && minutesOf(values) > MAX_DELAY_MINUTES) refuse('delay_too_long', 'delay')
  values.buttons.forEach((one, number) => {
    if (!hasTarget(one))
      refuse(one.target === 'url' ? 'button_link' : 'choice', 'buttons', number, one.target)
  })
  const rows = rowsOf(values.buttons)
  if (rows.length > MAX_ROWS) refuse('too_many_rows', 'buttons', values.buttons.length - 1, 'text')
})

/** The buttons in their rows. One that would be the fifth of a row begins the next. */
export function rowsOf<Button extends Pick<ButtonValues, 'is_beside'>>(
  buttons: readonly Button[],
): Button[][] {
  const rows: Button[][] = []
  for (const one of buttons) {
    const last = rows.at(-1)
    if (one.is_beside && last !== undefined && last.length < MAX_IN_ROW) last.push(one)
    else rows.push([one])
  }
  return rows
}

export function newButton(): ButtonValues {
  return { text: '', target: 'url', url: '', plan_id: '', promo_code_id: '', is_beside: false }
}

export function newDraft(botId: string, query: string): DraftValues {
  return {
    bot_id: botId,
    title: '',
    category: 'news',
    text: '',
    name_fallback: '',
    plan_fallback: '',
    paid_until_fallback: '',
    medium_kind: 'none',
    medium: '',
    buttons: [],
    query,
    from_hour: '9',
    until_hour: '22',
    occasion: 'once',
    ...delayOf(0),
    version: null,
  }
}

/** A stored broadcast as the form has it. */
export function valuesOf(stored: BroadcastOut): DraftValues {
  return {
    bot_id: stored.bot_id,
    title: stored.title,
    category: stored.category,
    text: stored.text,
    name_fallback: stored.name_fallback,
    plan_fallback: stored.plan_fallback,
    paid_until_fallback: stored.paid_until_fallback,
    medium_kind: stored.medium_kind ?? 'none',
    medium: stored.medium ?? '',
    buttons: stored.buttons.map((one, number) => ({
      text: one.text,
      target: one.plan_id !== null ? 'plan_id' : one.promo_code_id !== null ? 'promo_code_id' : 'url',
      url: one.url ?? '',
      plan_id: one.plan_id ?? '',
      promo_code_id: one.promo_code_id ?? '',
      is_beside: one.row === stored.buttons[number - 1]?.row,
    })),
    query: stored.query,
    from_hour: String(stored.from_hour),
    until_hour: String(stored.until_hour),
    occasion: occasionOf(stored),
    ...delayOf(stored.delay_minutes),
    version: stored.version,
  }
}

/** A stored broadcast as the beginning of another; one of a copy is called no copy of a copy. */
export function copyOf(stored: BroadcastOut, nameOf: (title: string) => string): DraftValues {
  // Cut where there is no room, and not in the middle of an emoji.
  const title = nameOf(stored.title.replace(COPY, ''))
    .slice(0, MAX_TITLE)
    .replace(/[\uD800-\uDBFF]$/, '')
  return { ...valuesOf(stored), title, version: null }
}

function toButtons(buttons: readonly ButtonValues[]): BroadcastButtonIn[] {
  return rowsOf(buttons).flatMap((row, number) =>
    row.map((one) => ({ row: number, text: one.text, [one.target]: one[one.target] })),
  )
}

/** What the API stores. */
export function toBody(values: DraftValues): BroadcastChangeIn {
  const { title, category, text, name_fallback, plan_fallback, paid_until_fallback, query, version } = values
  const kind = values.medium_kind === 'none' ? null : values.medium_kind
  return {
    title,
    category,
    text,
    name_fallback,
    plan_fallback,
    paid_until_fallback,
    query,
    version,
    medium_kind: kind,
    medium: kind === null ? null : values.medium,
    buttons: toButtons(values.buttons),
    from_hour: Number(values.from_hour),
    until_hour: Number(values.until_hour),
    repeats: REPEATS.find((one) => one === values.occasion) ?? null,
    trigger: TRIGGERS.find((one) => one === values.occasion) ?? null,
    delay_minutes: isByItself(values) ? minutesOf(values) : 0,
  }
}

/** What can be shown of a message that is still being written: buttons without a target, a medium without an address wait. */
export function toPreview(values: DraftValues): Omit<BroadcastPreviewIn, 'locale' | 'name'> | undefined {
  if (values.text.trim() === '' || values.bot_id === '') return undefined
  const kind = values.medium_kind !== 'none' && isMedium(values.medium) ? values.medium_kind : null
  return {
    bot_id: values.bot_id,
    text: values.text,
    name_fallback: values.name_fallback,
    plan_fallback: values.plan_fallback,
    paid_until_fallback: values.paid_until_fallback,
    medium_kind: kind,
    medium: kind === null ? null : values.medium,
    buttons: toButtons(values.buttons.filter((one) => one.text.trim() !== '' && hasTarget(one))),
  }
}
