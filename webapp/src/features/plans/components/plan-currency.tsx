import { useState } from 'react'
import type { UseFormReturn } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { SelectField } from '@/components/form/fields'
import { CURRENCIES, nameOfCurrency } from '@/lib/currencies'
import type { PlanInput, PlanValues } from '../terms'

/** In what currency the price is: money, or nothing but Telegram Stars. */
export function PlanCurrency({
  form: { control, watch },
}: {
  form: Pick<UseFormReturn<PlanInput, unknown, PlanValues>, 'control' | 'watch'>
}) {
  const { t, i18n } = useTranslation('plans')
  const currency = watch('currency')
  // A currency that came by the API stays a choice.
  const [codes] = useState(() =>
    [...new Set<string>([...CURRENCIES, currency])].filter((code) => code !== 'XTR'),
  )
  return (
    <SelectField
      control={control}
      name="currency"
      label={t('stars.currency')}
      hint={t('stars.currencyHint')}
      choices={[
        ...codes.map((value) => ({ value, label: nameOfCurrency(value, i18n.language) })),
        { value: 'XTR', label: t('stars.only') },
      ]}
    />
  )
}
