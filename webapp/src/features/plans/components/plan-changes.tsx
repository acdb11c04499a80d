import type { UseFormReturn } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import type { PlanOut } from '@/api'
import { plansListOptions } from '@/api/@tanstack/react-query.gen'
import { SwitchField } from '@/components/form/fields'
import { useTenantQuery } from '@/lib/requests'
import type { PlanInput, PlanValues } from '../terms'

interface PlanChangesProps {
  form: Pick<UseFormReturn<PlanInput, unknown, PlanValues>, 'control' | 'watch'>
  /** A new plan has none. */
  planId: string | undefined
}

/** Whether subscribers may change to this plan and away from it by themselves, and between which plans that lets them. */
export function PlanChanges({ form: { control, watch }, planId }: PlanChangesProps) {
  const { t } = useTranslation('plans')
  const isOn = watch('allows_changes')
  return (
    <SwitchField
      control={control}
      name="allows_changes"
      label={t('fields.changes')}
      hint={
        <>
          {t('fields.changesHint')}
          {isOn && <Partners form={{ watch }} planId={planId} />}
        </>
      }
    />
  )
}

function Partners({
  form: { watch },
  planId,
}: Pick<PlanChangesProps, 'planId'> & { form: Pick<PlanChangesProps['form'], 'watch'> }) {
  const { t } = useTranslation('plans')
  const plans = useTenantQuery((tenant) => plansListOptions({ path: tenant, query: { size: 200 } }))
  const [botId, price, currency, isTrial] = watch(['bot_id', 'price_minor', 'currency', 'is_trial'])
  if (plans.data === undefined) return null
  const others = plans.data.items.filter((plan) => plan.bot_id === botId && plan.id !== planId)
  const names = others.filter(takesPart).map(({ title }) => title)
  const words =
    !price || isTrial || currency === 'XTR'
      ? t('fields.changesNever')
      : names.length === 0
        ? t('fields.changesAlone')
        : t('fields.changesAmong', { plans: names.join(', ') })
  return <p className="mt-1 text-foreground">{words}</p>
}

function takesPart({ allows_changes, price, is_trial, archived_at }: PlanOut): boolean {
  const isForMoney = price.amount_minor > 0 && price.currency !== 'XTR' && !is_trial
  return allows_changes && isForMoney && archived_at === null
}
