import { useTranslation } from 'react-i18next'
import type { CampaignOut, PlanOut, PromoCodeOut } from '@/api'

interface CampaignNameProps {
  campaign: CampaignOut
  plans: PlanOut[]
  codes: PromoCodeOut[]
}

/** What a campaign is called, its label, and what its link leads to. */
export function CampaignName({ campaign, plans, codes }: CampaignNameProps) {
  const { t } = useTranslation('campaigns')
  const { name, source, plan_id, promo_code_id } = campaign
  const plan = plans.find(({ id }) => id === plan_id)?.title
  const code = codes.find(({ id }) => id === promo_code_id)?.code
  const leads = [
    plan !== undefined && t('leadsTo.plan', { plan }),
    code !== undefined && t('leadsTo.promoCode', { code }),
  ].filter((part) => part !== false)
  return (
    <span className="block min-w-0 sm:max-w-80">
      <span className="block font-medium text-pretty">{name}</span>
      <span className="block font-mono text-xs font-normal break-all text-muted-foreground">{source}</span>
      {leads.length > 0 && (
        <span className="block text-xs font-normal text-pretty text-muted-foreground">
          {leads.join(' · ')}
        </span>
      )}
    </span>
  )
}
