/** What fiscal receipts can say: the gateway's codes, as choices in forms. */
import type { PaymentMode, PaymentSubject } from '@/api'

export const VAT_CODES = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11', '12'] as const
export type VatCode = (typeof VAT_CODES)[number]

export const TAX_SYSTEMS = ['1', '2', '3', '4', '5', '6'] as const

export const SUBJECTS = [
  'service',
  'intellectual_activity',
  'property_right',
  'payment',
  'commodity',
  'job',
  'composite',
  'another',
] as const satisfies readonly PaymentSubject[]

export const MODES = ['full_payment', 'full_prepayment', 'advance'] as const satisfies readonly PaymentMode[]
