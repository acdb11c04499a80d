/** A promo code's terms as a form holds them: days of the tenant's time zone instead of moments. */
import { z } from 'zod'
import type { PromoCodeChangeIn, PromoCodeOut } from '@/api'
import { zPromoCodeChangeIn } from '@/api/zod.gen'
import { addDays, startOfDay, today } from '@/lib/days'

export const KINDS = ['percent', 'amount', 'extra_days'] as const
const MOST_PERCENT = 100
const MOST_DAYS = 3660

const shape = zPromoCodeChangeIn
  .omit({ valid_from_at: true, valid_until_at: true, currency: true, version: true })
  .required({ is_first_purchase_only: true, is_active: true, plan_ids: true })
  .extend({ valid_from: z.string(), valid_until: z.string() })

type Shape = z.infer<typeof shape>

function checkValue({ discount_kind, discount_value }: Shape, context: z.RefinementCtx): void {
  const maximum = { percent: MOST_PERCENT, extra_days: MOST_DAYS, amount: Infinity }[discount_kind]
  if (discount_value > maximum)
    context.addIssue({
      code: 'too_big',
      origin: 'number',
      maximum,
      path: ['discount_value'],
      input: discount_value,
    })
}

function checkDays({ valid_from, valid_until }: Shape, context: z.RefinementCtx): void {
  if (valid_from !== '' && valid_until !== '' && valid_until < valid_from)
    context.addIssue({
      code: 'custom',
      params: { code: 'before_valid_from_at' },
      path: ['valid_until'],
      input: valid_until,
    })
}

function checkTerms(values: Shape, context: z.RefinementCtx): void {
  checkValue(values, context)
  checkDays(values, context)
}

export type Terms = Shape

export const changeSchema = shape
  .extend({ version: zPromoCodeChangeIn.shape.version })
  .superRefine(checkTerms)

export const newCodeSchema = shape.extend({ bot_id: z.string() }).superRefine(checkTerms)

export const manyCodesSchema = shape
  .extend({
    bot_id: z.string(),
    code: z.string().regex(/^[A-Za-z0-9_-]{0,16}$/),
    length: z.int().gte(6).lte(16),
    count: z.int().gte(1).lte(1000),
  })
  .superRefine(checkTerms)

export function newTerms(): Terms {
  return {
    code: '',
    discount_kind: 'percent',
    discount_value: 10,
    max_uses: null,
    max_uses_per_user: 1,
    is_first_purchase_only: false,
    is_active: true,
    valid_from: '',
    valid_until: '',
    plan_ids: [],
  }
}

export function termsOf(code: PromoCodeOut, timeZone: string): z.input<typeof changeSchema> {
  const dayOf = (at: string | null) => (at === null ? '' : today(timeZone, Date.parse(at)))
  return {
    code: code.code,
    discount_kind: code.discount_kind,
    discount_value: code.discount_value,
    max_uses: code.max_uses,
    max_uses_per_user: code.max_uses_per_user,
    is_first_purchase_only: code.is_first_purchase_only,
    is_active: code.is_active,
    valid_from: dayOf(code.valid_from_at),
    // The last day: the moment when the code ends belongs to the next one.
    valid_until: code.valid_until_at === null ? '' : today(timeZone, Date.parse(code.valid_until_at) - 1),
    plan_ids: code.plan_ids,
    version: code.version,
  }
}

/** What the API takes. */
export function toBody<T extends Terms>(
  { valid_from, valid_until, ...terms }: T,
  timeZone: string,
  currency: string,
): Omit<T, 'valid_from' | 'valid_until'> &
  Pick<PromoCodeChangeIn, 'currency' | 'valid_from_at' | 'valid_until_at'> {
  return {
    ...terms,
    currency: terms.discount_kind === 'amount' ? currency : null,
    valid_from_at: valid_from === '' ? null : startOfDay(valid_from, timeZone),
    valid_until_at: valid_until === '' ? null : startOfDay(addDays(valid_until, 1), timeZone),
  }
}

/** The server's names of fields that are called otherwise here. */
export const SERVER_NAMES = {
  valid_from_at: 'valid_from',
  valid_until_at: 'valid_until',
  currency: 'discount_value',
} as const

export type CodeState = 'active' | 'off' | 'used_up' | 'ended' | 'not_yet'

export function stateOf(code: PromoCodeOut, now: number = Date.now()): CodeState {
  if (!code.is_active) return 'off'
  if (code.valid_until_at !== null && Date.parse(code.valid_until_at) <= now) return 'ended'
  if (code.max_uses !== null && code.uses_count >= code.max_uses) return 'used_up'
  if (code.valid_from_at !== null && Date.parse(code.valid_from_at) > now) return 'not_yet'
  return 'active'
}
