/** Seconds as people say them: `3 days`, `2 hours`. */
import { z } from 'zod'
import type { TenantChangeIn, TenantOut } from '@/api'
import { zTenantChangeIn } from '@/api/zod.gen'

/** Seconds are of test installations: offered only where they are chosen already. */
export const UNITS = ['second', 'minute', 'hour', 'day'] as const
export type Unit = (typeof UNITS)[number]
const SECONDS: Record<Unit, number> = { second: 1, minute: 60, hour: 3600, day: 86_400 }

export const MAX_REMINDERS = 8
const MAX_OFFSET = 90 * SECONDS.day
const MAX_GRACE = 30 * SECONDS.day

export interface Duration {
  count: number
  unit: Unit
}

/** In the largest unit that leaves nothing over. */
export function durationOf(seconds: number): Duration {
  if (seconds === 0) return { count: 0, unit: 'hour' }
  const unit = [...UNITS].reverse().find((known) => seconds % SECONDS[known] === 0) ?? 'second'
  return { count: seconds / SECONDS[unit], unit }
}

export function unitsFor(seconds: readonly number[]): readonly Unit[] {
  return seconds.some((length) => durationOf(length).unit === 'second') ? UNITS : UNITS.slice(1)
}

export function secondsOf({ count, unit }: Duration): number {
  return count * SECONDS[unit]
}

const duration = z.object({ count: z.int().gte(1), unit: z.enum(UNITS) })

/** Settings are stored as a whole: a form holds also what it does not show, as it was read, with its version. */
const settings = {
  name: zTenantChangeIn.shape.name,
  time_zone: z.string(),
  locale: z.enum(['ru', 'en']),
  support_contact: z.string().trim().max(128),
  reminder_offsets_seconds: z.array(z.int()),
  grace_seconds: z.int(),
  version: zTenantChangeIn.shape.version,
}

export const generalSchema = z.object(settings)
export const GENERAL = ['name', 'time_zone', 'locale', 'support_contact'] as const

export const remindersSchema = z
  .object({
    ...settings,
    reminders: z.array(duration).max(MAX_REMINDERS),
    grace: z.object({ count: z.int().gte(0), unit: z.enum(UNITS) }),
  })
  .superRefine(({ reminders, grace }, context) => {
    reminders.forEach((reminder, index) => {
      if (secondsOf(reminder) > MAX_OFFSET)
        context.addIssue({ code: 'custom', message: 'out_of_range', path: ['reminders', index, 'count'] })
    })
    if (secondsOf(grace) > MAX_GRACE)
      context.addIssue({ code: 'custom', message: 'out_of_range', path: ['grace', 'count'] })
  })
export const REMINDERS = ['reminders', 'grace'] as const

export function settingsOf(tenant: TenantOut): Required<TenantChangeIn> {
  const { name, time_zone, locale, reminder_offsets_seconds, grace_seconds, support_contact, version } =
    tenant
  return {
    name,
    time_zone,
    locale: locale === 'en' ? 'en' : 'ru',
    reminder_offsets_seconds,
    grace_seconds,
    support_contact,
    version,
  }
}

export function remindersOf(tenant: TenantOut): z.input<typeof remindersSchema> {
  return {
    ...settingsOf(tenant),
    reminders: [...tenant.reminder_offsets_seconds].sort((a, b) => b - a).map(durationOf),
    grace: durationOf(tenant.grace_seconds),
  }
}
