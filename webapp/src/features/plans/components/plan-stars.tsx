import type { UseFormReturn } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { NumberField } from '@/components/form/fields'
import type { PlanInput, PlanValues } from '../terms'

/** As much as Telegram takes. */
const MOST = 10_000

/** For how many Telegram Stars the plan is sold beside money, and how what is sold for them goes on. */
export function PlanStars({
  form: { control, watch },
}: {
  form: Pick<UseFormReturn<PlanInput, unknown, PlanValues>, 'control' | 'watch'>
}) {
  const { t } = useTranslation('plans')
  const currency = watch('currency')
  const isRenewed = watch('is_recurring')
  const isOfThirtyDays = watch('period_unit') === 'day' && watch('period_count') === 30
  const isInStars = currency === 'XTR' || typeof watch('stars') === 'number'
  return (
    <>
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
    </>
  )
}
