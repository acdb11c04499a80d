import { useState } from 'react'
import type { UseFormReturn } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { NumberField, SelectField } from '@/components/form/fields'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { CURRENCIES, nameOfCurrency } from '@/lib/currencies'
import type { PlanInput, PlanValues } from '../terms'

/** As much as Telegram takes. */
const MOST = 10_000

/** In what currency the plan is sold, and whether for Telegram Stars: beside money, or for nothing else. */
export function PlanStars({
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
  const isRenewed = watch('is_recurring')
  const isOfThirtyDays = watch('period_unit') === 'day' && watch('period_count') === 30
  const isInStars = currency === 'XTR' || typeof watch('stars') === 'number'
  return (
    <Card>
      <CardHeader title={t('stars.title')} />
      <CardBody className="grid gap-5 sm:grid-cols-2">
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
        {currency !== 'XTR' && (
          <NumberField
            control={control}
            name="stars"
            label={t('stars.beside')}
            hint={t('stars.besideHint')}
            isOptional
            min={1}
            max={MOST}
          />
        )}
        {isInStars && isRenewed && (
          <p className="text-sm text-muted-foreground sm:col-span-2">
            {t(isOfThirtyDays ? 'stars.renewed' : 'stars.once')}
          </p>
        )}
      </CardBody>
    </Card>
  )
}
