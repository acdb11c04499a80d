import type { UseFormReturn } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { plansListOptions } from '@/api/@tanstack/react-query.gen'
import { ChecksField } from '@/components/form/fields'
import { Loaded } from '@/components/ui/loaded'
import { Skeleton } from '@/components/ui/skeleton'
import { useTenantQuery } from '@/lib/requests'
import type { PlanInput, PlanValues } from '../terms'

/** Of which plans the audience is meant. */
export function AudiencePlans({
  form: { control },
}: {
  form: Pick<UseFormReturn<PlanInput, unknown, PlanValues>, 'control'>
}) {
  const { t } = useTranslation('plans')
  const plans = useTenantQuery((tenant) => plansListOptions({ path: tenant, query: { size: 200 } }))
  return (
    <Loaded query={plans} skeleton={<Skeleton className="h-20 sm:col-span-2" />}>
      {({ items }) => (
        <ChecksField
          className="sm:col-span-2"
          control={control}
          name="audience_plan_ids"
          label={t('limits.audiencePlans')}
          hint={t('limits.audiencePlansHint')}
          choices={items.map(({ id, title, archived_at }) => ({
            value: id,
            label: title,
            ...(archived_at !== null && { description: t('limits.archivedPlan') }),
          }))}
          empty={<p className="text-muted-foreground">{t('limits.noPlans')}</p>}
        />
      )}
    </Loaded>
  )
}
