/** A plan's terms as a form holds them. */
import { z } from 'zod'
import type { PeriodUnit, PlanOut } from '@/api'
import { zPlanTermsIn } from '@/api/zod.gen'

export const UNITS = ['day', 'week', 'month', 'year', 'lifetime'] as const satisfies readonly PeriodUnit[]

export const termsSchema = zPlanTermsIn.required({
  description: true,
  currency: true,
  position: true,
  is_on_sale: true,
  is_hidden: true,
  is_recurring: true,
})
export type TermsInput = z.input<typeof termsSchema>
export type Terms = z.output<typeof termsSchema>

export function termsOf(plan: PlanOut): TermsInput {
  const {
    title,
    description,
    price,
    period_unit,
    period_count,
    position,
    is_on_sale,
    is_hidden,
    is_recurring,
    channel_ids,
  } = plan
  return {
    title,
    description,
    price_minor: price.amount_minor,
    currency: price.currency,
    period_unit,
    period_count,
    position,
    is_on_sale,
    is_hidden,
    is_recurring,
    channel_ids,
  }
}

/** The form holds the bot too, and at least one channel. */
export const planSchema = termsSchema.extend({
  bot_id: z.string(),
  channel_ids: z.array(z.string()).min(1).max(50),
})
export type PlanInput = z.input<typeof planSchema>
export type PlanValues = z.output<typeof planSchema>
