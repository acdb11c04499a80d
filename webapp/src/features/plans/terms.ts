/** A plan's terms as a form holds them. */
import { z } from 'zod'
import type { PeriodUnit, PlanOut } from '@/api'
import { zPlanChangeIn } from '@/api/zod.gen'

export const UNITS = ['day', 'week', 'month', 'year', 'lifetime'] as const satisfies readonly PeriodUnit[]

export const termsSchema = zPlanChangeIn.required({
  description: true,
  currency: true,
  position: true,
  is_on_sale: true,
  is_hidden: true,
})
export type TermsInput = z.input<typeof termsSchema>
export type Terms = z.output<typeof termsSchema>

export function termsOf(plan: PlanOut) {
  const {
    title,
    description,
    price,
    period_unit,
    period_count,
    position,
    is_on_sale,
    is_hidden,
    channel_ids,
    version,
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
    channel_ids,
    version,
  } satisfies TermsInput
}

/** The form holds the bot too, and at least one channel. */
export const planSchema = termsSchema.extend({
  bot_id: z.string(),
  channel_ids: z.array(z.string()).min(1).max(50),
})
export type PlanInput = z.input<typeof planSchema>
export type PlanValues = z.output<typeof planSchema>

export function valuesOf(plan: PlanOut): PlanInput {
  return { ...termsOf(plan), bot_id: plan.bot_id }
}
