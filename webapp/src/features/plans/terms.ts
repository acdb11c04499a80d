/** A plan's terms as a form holds them: days of the tenant's time zone instead of moments. */
import { z } from 'zod'
import type { Audience, PeriodUnit, PlanChangeIn, PlanOut } from '@/api'
import { zPlanChangeIn } from '@/api/zod.gen'
import { addDays, startOfDay, today } from '@/lib/days'
import { MODES, SUBJECTS, VAT_CODES, type VatCode } from '@/lib/receipts'

export const UNITS = [
  'day',
  'week',
  'month',
  'year',
  'lifetime',
  'until',
] as const satisfies readonly PeriodUnit[]
export const AUDIENCES = ['everyone', 'new', 'existing', 'lapsed'] as const satisfies readonly Audience[]

export const termsSchema = zPlanChangeIn
  .omit({
    sale_starts_at: true,
    sale_ends_at: true,
    fixed_end_at: true,
    receipt_vat_code: true,
    receipt_subject: true,
    receipt_mode: true,
  })
  .required({
    description: true,
    currency: true,
    position: true,
    is_on_sale: true,
    is_hidden: true,
    is_recurring: true,
    is_giftable: true,
    stars: true,
    is_trial: true,
    audience: true,
    audience_plan_ids: true,
    allows_changes: true,
  })
  .extend({
    access_code: z.string().regex(/^([A-Za-z0-9_-]{4,32})?$/),
    sale_from: z.string(),
    sale_until: z.string(),
    fixed_end: z.string(),
    // Empty for what the shop's settings say.
    receipt_vat_code: z.enum(['', ...VAT_CODES]),
    receipt_subject: z.enum(['', ...SUBJECTS]),
    receipt_mode: z.enum(['', ...MODES]),
  })
export type TermsInput = z.input<typeof termsSchema>
export type Terms = z.output<typeof termsSchema>

/** The form holds the bot too, and at least one channel. */
export const planSchema = termsSchema
  .extend({ bot_id: z.string(), channel_ids: z.array(z.string()).min(1).max(50) })
  .superRefine(({ period_unit, fixed_end }, context) => {
    if (period_unit === 'until' && fixed_end === '')
      context.addIssue({
        code: 'too_small',
        origin: 'string',
        minimum: 1,
        path: ['fixed_end'],
        input: fixed_end,
      })
  })
export type PlanInput = z.input<typeof planSchema>
export type PlanValues = z.output<typeof planSchema>

export function newTerms(): Omit<TermsInput, 'price_minor'> {
  return {
    title: '',
    description: '',
    currency: 'RUB',
    period_unit: 'month',
    period_count: 1,
    position: 0,
    is_on_sale: true,
    is_hidden: false,
    is_recurring: false,
    is_giftable: false,
    stars: null,
    channel_ids: [],
    access_code: '',
    is_trial: false,
    audience: 'everyone',
    audience_plan_ids: [],
    allows_changes: false,
    capacity: null,
    sale_from: '',
    sale_until: '',
    fixed_end: '',
    receipt_vat_code: '',
    receipt_subject: '',
    receipt_mode: '',
  }
}

export function termsOf(plan: PlanOut, timeZone: string): TermsInput {
  // The last day: the moment when something ends belongs to the next one.
  const lastDay = (at: string | null) => (at === null ? '' : today(timeZone, Date.parse(at) - 1))
  return {
    title: plan.title,
    description: plan.description,
    price_minor: plan.price.amount_minor,
    currency: plan.price.currency,
    period_unit: plan.period_unit,
    period_count: plan.period_count,
    position: plan.position,
    is_on_sale: plan.is_on_sale,
    is_hidden: plan.is_hidden,
    is_recurring: plan.is_recurring,
    is_giftable: plan.is_giftable,
    stars: plan.stars,
    channel_ids: plan.channel_ids,
    version: plan.version,
    access_code: plan.access_code ?? '',
    is_trial: plan.is_trial,
    audience: plan.audience,
    audience_plan_ids: plan.audience_plan_ids,
    allows_changes: plan.allows_changes,
    capacity: plan.capacity,
    sale_from: plan.sale_starts_at === null ? '' : today(timeZone, Date.parse(plan.sale_starts_at)),
    sale_until: lastDay(plan.sale_ends_at),
    fixed_end: lastDay(plan.fixed_end_at),
    receipt_vat_code: plan.receipt_vat_code === null ? '' : (String(plan.receipt_vat_code) as VatCode),
    receipt_subject: plan.receipt_subject ?? '',
    receipt_mode: plan.receipt_mode ?? '',
  }
}

export function valuesOf(plan: PlanOut, timeZone: string): PlanInput {
  return { ...termsOf(plan, timeZone), bot_id: plan.bot_id }
}

/** What the API takes. */
export function toBody(
  {
    sale_from,
    sale_until,
    fixed_end,
    access_code,
    receipt_vat_code,
    receipt_subject,
    receipt_mode,
    ...terms
  }: Terms,
  timeZone: string,
): PlanChangeIn {
  const endOf = (day: string) => (day === '' ? null : startOfDay(addDays(day, 1), timeZone))
  return {
    ...terms,
    // Of everybody there is nothing to narrow.
    audience_plan_ids: terms.audience === 'everyone' ? [] : terms.audience_plan_ids,
    // Sold for Stars alone, it has one price.
    stars: terms.currency === 'XTR' ? null : terms.stars,
    access_code: access_code === '' ? null : access_code,
    receipt_vat_code: receipt_vat_code === '' ? null : Number(receipt_vat_code),
    receipt_subject: receipt_subject === '' ? null : receipt_subject,
    receipt_mode: receipt_mode === '' ? null : receipt_mode,
    sale_starts_at: sale_from === '' ? null : startOfDay(sale_from, timeZone),
    sale_ends_at: endOf(sale_until),
    fixed_end_at: terms.period_unit === 'until' ? endOf(fixed_end) : null,
  }
}

/** The server's names of fields that are called otherwise here. */
export const SERVER_NAMES = {
  price: 'price_minor',
  sale_starts_at: 'sale_from',
  sale_ends_at: 'sale_until',
  fixed_end_at: 'fixed_end',
} as const
