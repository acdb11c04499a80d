/** Messages that call people back whose access has ended: how many days later each goes, and with which promo code. */
import type { Control } from 'react-hook-form'
import { z } from 'zod'
import type { BroadcastCallsIn } from '@/api'

const MAX_DAYS = 90

const call = z.object({
  after_days: z.int().min(1).max(MAX_DAYS),
  /** Empty: without a discount. */
  promo_code_id: z.string(),
})

export const callsSchema = z
  .object({ bot_id: z.string(), calls: z.array(call).min(1).max(3) })
  .superRefine(({ calls }, context) => {
    calls.forEach(({ after_days }, index) => {
      const before = calls[index - 1]
      if (before !== undefined && after_days <= before.after_days)
        context.addIssue({
          code: 'custom',
          params: { code: 'not_later' },
          path: ['calls', index, 'after_days'],
          input: after_days,
        })
    })
  })

export type CallsValues = z.infer<typeof callsSchema>
export type CallsControl = Control<CallsValues, unknown, CallsValues>

export function newCalls(botId: string): CallsValues {
  return { bot_id: botId, calls: [1, 7, 30].map((after_days) => ({ after_days, promo_code_id: '' })) }
}

export function toCalls({ bot_id, calls }: CallsValues): Omit<BroadcastCallsIn, 'idempotence_key'> {
  return {
    bot_id,
    calls: calls.map(({ after_days, promo_code_id }) => ({
      after_days,
      promo_code_id: promo_code_id || null,
    })),
  }
}
