import type { Control } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { plansListOptions, promoCodesListOptions } from '@/api/@tanstack/react-query.gen'
import { SelectField } from '@/components/form/fields'
import { useTenantQuery } from '@/lib/requests'

interface Target {
  plan_id: string
  promo_code_id: string
}

interface CampaignTargetProps {
  control: Control<Target>
  botId: string
}

/** What a link leads to: a plan, a promo code, both, or neither. */
export function CampaignTarget({ control, botId }: CampaignTargetProps) {
  const { t } = useTranslation('campaigns')
  const plans = useTenantQuery((path) => plansListOptions({ path, query: { size: 200 } }))
  const codes = useTenantQuery((path) => promoCodesListOptions({ path, query: { bot_id: botId, size: 200 } }))
  const own = plans.data?.items.filter((plan) => plan.bot_id === botId) ?? []
  return (
    <div className="grid gap-5 sm:grid-cols-2">
      <SelectField
        control={control}
        name="plan_id"
        label={t('fields.plan')}
        choices={[
          { value: '', label: t('fields.none') },
          ...own.map(({ id, title }) => ({ value: id, label: title })),
        ]}
      />
      <SelectField
        control={control}
        name="promo_code_id"
        label={t('fields.promoCode')}
        choices={[
          { value: '', label: t('fields.noCode') },
          ...(codes.data?.items ?? []).map(({ id, code }) => ({ value: id, label: code })),
        ]}
      />
    </div>
  )
}
