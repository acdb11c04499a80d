import type { PaymentRowOut } from '@/api'

/** Whether access was given without money: by hand, by a list, or as somebody's gift. */
export function isGiven({ amount, provider }: Pick<PaymentRowOut, 'amount' | 'provider'>): boolean {
  return amount.amount_minor === 0 && ['manual', 'import', 'gift'].includes(provider)
}
