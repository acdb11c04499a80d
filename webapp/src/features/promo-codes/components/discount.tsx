import { useTranslation } from 'react-i18next'
import type { PromoCodeOut } from '@/api'
import { useFormat } from '@/lib/use-format'

type DiscountProps = Pick<PromoCodeOut, 'discount_kind' | 'discount_value' | 'currency'>

export function Discount({ discount_kind, discount_value, currency }: DiscountProps) {
  const { t } = useTranslation('promo-codes')
  const format = useFormat()
  const shown = {
    percent: () => `−${format.percent(discount_value / 100)}`,
    amount: () => `−${format.money({ amount_minor: discount_value, currency: currency ?? 'RUB' })}`,
    extra_days: () => t('extraDays', { count: discount_value }),
  }[discount_kind]()
  return <span className="whitespace-nowrap tabular-nums">{shown}</span>
}
