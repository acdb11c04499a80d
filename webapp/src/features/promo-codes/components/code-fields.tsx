import type { UseFormReturn } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import type { PlanOut } from '@/api'
import { DayField } from '@/components/form/day-field'
import { ChecksField, MoneyField, NumberField, SelectField, SwitchField } from '@/components/form/fields'
import { Card, CardBody } from '@/components/ui/card'
import { KINDS, type Terms } from '../terms'

interface CodeFieldsProps {
  form: Pick<UseFormReturn<Terms, unknown, Terms>, 'control' | 'setValue' | 'watch'>
  plans: PlanOut[]
  currency: string
}

/** What a code gives, to whom and until when: for one code and for many. */
export function CodeFields({ form, plans, currency }: CodeFieldsProps) {
  return (
    <>
      <Gives form={form} currency={currency} />
      <Limits form={form} plans={plans} />
    </>
  )
}

function Gives({ form: { control, setValue, watch }, currency }: Omit<CodeFieldsProps, 'plans'>) {
  const { t } = useTranslation('promo-codes')
  const kind = watch('discount_kind')
  const common = { control, name: 'discount_value' as const, label: t(`fields.value.${kind}`) }
  return (
    <Card>
      <CardBody className="grid gap-5 sm:grid-cols-2">
        <SelectField
          control={control}
          name="discount_kind"
          label={t('fields.kind')}
          choices={KINDS.map((value) => ({ value, label: t(`kinds.${value}`) }))}
          onChosen={(chosen) =>
            setValue('discount_value', { percent: 10, amount: 10_000, extra_days: 7 }[chosen] ?? 1)
          }
        />
        {kind === 'amount' ? (
          <MoneyField key="amount" {...common} currency={currency} />
        ) : (
          <NumberField key={kind} {...common} min={1} max={kind === 'percent' ? 100 : 3660} />
        )}
      </CardBody>
    </Card>
  )
}

function Limits({ form: { control }, plans }: Omit<CodeFieldsProps, 'currency'>) {
  const { t } = useTranslation('promo-codes')
  return (
    <Card>
      <CardBody className="grid gap-5 sm:grid-cols-2">
        <NumberField control={control} name="max_uses" label={t('fields.maxUses')} isOptional min={1} />
        <NumberField
          control={control}
          name="max_uses_per_user"
          label={t('fields.maxUsesPerUser')}
          isOptional
          min={1}
        />
        <DayField control={control} name="valid_from" label={t('fields.validFrom')} isOptional />
        <DayField control={control} name="valid_until" label={t('fields.validUntil')} isOptional />
        {plans.length > 0 && (
          <ChecksField
            className="sm:col-span-2"
            control={control}
            name="plan_ids"
            label={t('fields.plans')}
            hint={t('fields.plansHint')}
            choices={plans.map(({ id, title }) => ({ value: id, label: title }))}
          />
        )}
        <SwitchField
          className="sm:col-span-2"
          control={control}
          name="is_first_purchase_only"
          label={t('fields.firstOnly')}
          hint={t('fields.firstOnlyHint')}
        />
        <SwitchField
          className="sm:col-span-2"
          control={control}
          name="is_active"
          label={t('fields.active')}
          hint={t('fields.activeHint')}
        />
      </CardBody>
    </Card>
  )
}
