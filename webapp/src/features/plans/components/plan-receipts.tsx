import type { UseFormReturn } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { SelectField } from '@/components/form/fields'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { MODES, SUBJECTS, VAT_CODES } from '@/lib/receipts'
import type { PlanInput, PlanValues } from '../terms'

/** What fiscal receipts say of this plan, where it is not what the shop's settings say. */
export function PlanReceipts({
  form: { control },
}: {
  form: Pick<UseFormReturn<PlanInput, unknown, PlanValues>, 'control'>
}) {
  const { t } = useTranslation('fiscal-receipts')
  const asShop = { value: '', label: t('plan.asShop') }
  return (
    <Card>
      <CardHeader title={t('plan.title')} description={t('plan.text')} />
      <CardBody className="grid gap-5 sm:grid-cols-2">
        <SelectField
          control={control}
          name="receipt_vat_code"
          label={t('settings.vat')}
          choices={[asShop, ...VAT_CODES.map((value) => ({ value, label: t(`vat.${value}`) }))]}
        />
        <SelectField
          control={control}
          name="receipt_subject"
          label={t('settings.subject')}
          choices={[asShop, ...SUBJECTS.map((value) => ({ value, label: t(`subjects.${value}`) }))]}
        />
        <SelectField
          control={control}
          name="receipt_mode"
          label={t('settings.mode')}
          choices={[asShop, ...MODES.map((value) => ({ value, label: t(`modes.${value}`) }))]}
        />
      </CardBody>
    </Card>
  )
}
