import type { UseFormReturn } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { DayField } from '@/components/form/day-field'
import { NumberField, SelectField, SwitchField, TextField } from '@/components/form/fields'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { AUDIENCES, type PlanInput, type PlanValues } from '../terms'
import { AudiencePlans } from './audience-plans'

/** Who may take the plan, how many of them, and when. */
export function PlanLimits({
  form: { control, watch },
}: {
  form: Pick<UseFormReturn<PlanInput, unknown, PlanValues>, 'control' | 'watch'>
}) {
  const { t } = useTranslation('plans')
  return (
    <Card>
      <CardHeader title={t('limits.title')} />
      <CardBody className="grid gap-5 sm:grid-cols-2">
        <SelectField
          control={control}
          name="audience"
          label={t('limits.audience')}
          hint={t(`limits.audienceHints.${watch('audience')}`)}
          choices={AUDIENCES.map((value) => ({ value, label: t(`audiences.${value}`) }))}
        />
        {watch('audience') !== 'everyone' && <AudiencePlans form={{ control }} />}
        <NumberField
          control={control}
          name="capacity"
          label={t('limits.capacity')}
          hint={t('limits.capacityHint')}
          isOptional
          min={1}
        />
        <DayField
          control={control}
          name="sale_from"
          label={t('limits.saleFrom')}
          hint={t('limits.saleFromHint')}
          isOptional
        />
        <DayField
          control={control}
          name="sale_until"
          label={t('limits.saleUntil')}
          hint={t('limits.saleUntilHint')}
          isOptional
        />
        <TextField
          className="sm:col-span-2 [&_input]:font-mono [&_input]:uppercase"
          control={control}
          name="access_code"
          label={t('limits.accessCode')}
          hint={t('limits.accessCodeHint')}
          isOptional
          maxLength={32}
          autoComplete="off"
        />
        <SwitchField
          className="sm:col-span-2"
          control={control}
          name="is_trial"
          label={t('limits.trial')}
          hint={t('limits.trialHint')}
        />
      </CardBody>
    </Card>
  )
}
