import { useState } from 'react'
import type { UseFormReturn } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { NumberField, SelectField } from '@/components/form/fields'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import type { PlanInput, PlanValues } from '../terms'

/** As much as Telegram takes. */
const MOST = 10_000

/** Whether the plan is sold for Telegram Stars: beside money, or for nothing else. */
export function PlanStars({
  form: { control, watch },
}: {
  form: Pick<UseFormReturn<PlanInput, unknown, PlanValues>, 'control' | 'watch'>
}) {
  const { t } = useTranslation('plans')
  const currency = watch('currency')
  const [money] = useState(currency === 'XTR' ? 'RUB' : currency)
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
            { value: money, label: t('stars.money', { currency: money }) },
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
